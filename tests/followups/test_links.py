"""The link in the letter: it opens one questionnaire without a sign-in, and nothing else."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail, signing
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Membership, User
from apps.core import clock
from apps.engagements.models import Engagement
from apps.followups.limits import OPENED_A_MINUTE
from apps.followups.links import answer_path
from apps.followups.models import Answer, Questionnaire
from apps.followups.services import questionnaire_answer, questionnaires_ask
from apps.notifications import tasks
from apps.notifications.links import LinkExpired
from apps.notifications.models import Delivery, Notification
from apps.notifications.services import topics_unsubscribe
from tests.followups.conftest import THREE_MONTHS_LATER

pytestmark = pytest.mark.django_db
Columns = Callable[..., dict[str, Any]]
NAMES = ("海岚", "湾理工", "胶州湾", "陈立", "周敏", "林教授", "13000000001", "hailan.example", "wan.example")


@pytest.fixture
def path(asked: Questionnaire, sme_owner: User) -> str:
    return answer_path(asked.public_id, user=sme_owner.pk)


def test_it_is_answered_without_a_sign_in(
    client: Client, path: str, columns: Columns, asked: Questionnaire, sme_owner: User
) -> None:
    assert "目前是否仍在使用" in client.get(path).content.decode()
    assert client.post(path, columns()).status_code == 302
    page = client.get(path).content.decode()
    assert "谢谢" in page
    assert Answer.objects.get(questionnaire=asked).answered_by == sme_owner


def test_a_browser_that_sends_no_origin_and_no_token_of_the_site_may_answer(path: str, columns: Columns) -> None:
    """As Chromium does where the page allows no referrer."""
    strict = Client(enforce_csrf_checks=True, headers={"Origin": "null"})
    assert strict.post(path, columns()).status_code == 302


def test_whoever_opens_it_reads_the_title_and_no_name(
    client: Client, path: str, columns: Columns, asked: Questionnaire, sme_owner: User
) -> None:
    before = client.get(path).content.decode()
    client.post(path, columns())
    after = client.get(path).content.decode() + client.get(path, {"edit": "1"}).content.decode()
    for page in (before, after):
        assert asked.engagement.proposal.need.title in page
        assert [name for name in NAMES if name in page] == []
        assert asked.engagement.public_id not in page
        assert asked.engagement.proposal.need.public_id not in page


def test_no_cache_no_robot_and_no_other_site_learns_of_it(client: Client, path: str) -> None:
    response = client.get(path)
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]


def test_looking_changes_nothing(client: Client, path: str) -> None:
    client.get(path)
    client.head(path)
    assert not Answer.objects.exists()


def test_an_incomplete_answer_comes_back_with_what_was_typed(client: Client, path: str, columns: Columns) -> None:
    page = client.post(path, columns(partner_rating="", note="先写这么多")).content.decode()
    assert "请选一项" in page
    assert "先写这么多" in page
    assert client.post(path).status_code == 200
    assert not Answer.objects.exists()


def test_it_may_be_corrected_until_it_closes(client: Client, path: str, columns: Columns) -> None:
    client.post(path, columns())
    form = client.get(path, {"edit": "1"}).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', form)
    assert seen is not None
    client.post(path, columns(fit="worse", seen=seen[1]))
    assert Answer.objects.get().fit == "worse"


def test_a_colleague_who_was_slower_reads_what_stands(
    client: Client, path: str, columns: Columns, asked: Questionnaire, colleague: User
) -> None:
    questionnaire_answer(questionnaire=asked, by=colleague, **columns(note="同事写的"))
    page = client.post(path, columns(note="我写的")).content.decode()
    assert "刚刚已经提交过" in page
    assert "同事写的" in page
    assert Answer.objects.get().note == "同事写的"


def test_a_closed_questionnaire_says_so(client: Client, path: str, columns: Columns, asked: Questionnaire) -> None:
    with clock.at(asked.closes_at):
        for response in (client.get(path), client.post(path, columns())):
            assert response.status_code == 410
            assert "已经截止" in response.content.decode()
    assert not Answer.objects.exists()


def test_the_link_of_a_questionnaire_that_was_put_off_again_and_again_still_opens(
    client: Client, path: str, columns: Columns, asked: Questionnaire
) -> None:
    """Signatures are dated by the clock of the machine."""
    old, later = time.time(), asked.closes_at + timedelta(days=200)
    Questionnaire.objects.update(closes_at=later)
    with pytest.MonkeyPatch.context() as patch, clock.at(later - timedelta(days=1)):
        patch.setattr("time.time", lambda: old + timedelta(days=229).total_seconds())
        assert client.get(path).status_code == 200
        assert client.post(path, columns()).status_code == 302
    with clock.at(later):
        assert client.get(path).status_code == 410


def test_a_forged_or_shortened_link_opens_nothing(
    client: Client, path: str, asked: Questionnaire, sme_owner: User
) -> None:
    token = path.rstrip("/").rpartition("/")[2]
    content = {"questionnaire": asked.public_id, "user": sme_owner.pk}
    forged = [token[:-1], token[1:], f"{token}x", "x", signing.dumps(content, salt="notifications.unsubscribe")]
    forged.append(signing.dumps(content, key="another", salt="followups.questionnaire"))
    for other in forged:
        response = client.get(reverse("followups:answer_by_link", args=[other]))
        assert response.status_code == 410
        assert asked.engagement.proposal.need.title not in response.content.decode()


def test_the_link_opens_no_other_purpose(path: str) -> None:
    with pytest.raises(LinkExpired):
        topics_unsubscribe(token=path.rstrip("/").rpartition("/")[2])


def test_the_link_of_somebody_who_left_is_dead(client: Client, path: str, sme_owner: User) -> None:
    Membership.objects.filter(user=sme_owner).delete()
    assert client.get(path).status_code == 410


def test_the_link_of_a_closed_account_is_dead(client: Client, path: str, sme_owner: User) -> None:
    User.objects.filter(pk=sme_owner.pk).update(is_active=False)
    assert client.get(path).status_code == 410


def test_the_other_side_cannot_make_use_of_a_link_in_its_own_name(
    client: Client, asked: Questionnaire, professor: User
) -> None:
    assert client.get(answer_path(asked.public_id, user=professor.pk)).status_code == 410


def test_it_does_not_sign_in(client: Client, path: str, asked: Questionnaire) -> None:
    client.get(path)
    page = client.get(reverse("followups:questionnaire", args=[asked.public_id]))
    assert page.status_code == 302
    assert "sign-in" in page["Location"]


def test_it_is_not_opened_without_end_from_one_address(client: Client, path: str) -> None:
    answers = [client.get(path).status_code for _time in range(OPENED_A_MINUTE + 1)]
    assert answers == [200] * OPENED_A_MINUTE + [429]


def test_the_letter_carries_a_link_that_works_and_nothing_stored_does(
    client: Client, delivered: Engagement, sme_owner: User, columns: Columns
) -> None:
    noon = THREE_MONTHS_LATER + timedelta(hours=2)
    with clock.at(noon):
        questionnaires_ask(most=10)
        for letter in Delivery.objects.values_list("letter", flat=True):
            tasks.send(letter)
    message = next(one for one in mail.outbox if one.to == [sme_owner.email])
    found = re.search(r"https?://\S+?(/followups/answer/\S+)", str(message.body))
    assert found is not None
    with clock.at(noon + timedelta(days=20)):
        assert client.post(found[1], columns()).status_code == 302
    row = Notification.objects.get(recipient=sme_owner)
    assert row.target == reverse("followups:questionnaire", args=row.url_args)
    token = found[1].rstrip("/").rpartition("/")[2]
    assert token not in str(Notification.objects.values().get(pk=row.pk))
    assert Answer.objects.get().questionnaire.public_id == row.url_args[0]
