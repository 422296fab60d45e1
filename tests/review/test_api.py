"""The desk for programs: verdicts name what was read, and a conflict is a 409."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.core import clock
from apps.needs.models import Need, NeedState
from apps.review.models import Outcome, Report, ReportReason
from apps.review.services import Assessment, item_decide
from apps.review.services.reporting import report_make
from apps.review.services.withholding import row_withhold
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_need, make_organisation
from tests.review.conftest import GOOD

pytestmark = pytest.mark.usefixtures("taxonomy")


def program(person: User) -> APIClient:
    client = APIClient()
    client.force_login(person)
    return client


def test_a_program_reads_a_queue_and_decides_about_what_it_read(submitted: Need, reviewer: User) -> None:
    desk = program(reviewer)
    numbers = {row["name"]: row["count"] for row in desk.get(reverse("api:review-queue-list")).json()}
    assert numbers["needs"] == 1
    [line] = desk.get(reverse("api:review-line-list"), {"queue": "needs"}).json()["results"]
    assert (line["id"], line["kind"], line["title"]) == (submitted.public_id, "need", submitted.title)
    item = desk.get(reverse("api:review-need-detail", args=[line["id"]])).json()
    assert set(item["criteria"]) == set(GOOD)
    seen = {"revision": item["revision"], "version": item["version"]}
    url = reverse("api:review-need-decide", args=[line["id"]])
    after = desk.post(url, seen | {"outcome": "approved", "scores": GOOD}, format="json").json()
    assert (after["state"], after["verdicts"][0]["points"], after["revision"]) == (NeedState.PUBLISHED, 16, 1)


def test_who_comes_second_gets_409_and_nothing_is_stored(
    submitted: Need, reviewer: User, second_reviewer: User
) -> None:
    held = Assessment(Outcome.HELD, note="等检测报告", held_until=clock.today() + timedelta(days=3))
    item_decide(row=submitted, by=second_reviewer, given=held)
    url, sent = reverse("api:review-need-decide", args=[submitted.public_id]), {"outcome": "approved"}
    answer = program(reviewer).post(url, sent | {"revision": 0, "version": 1}, format="json")
    assert (answer.status_code, "冯审核" in answer.json()["detail"]) == (409, True)
    Need.objects.filter(pk=submitted.pk).update(version=2)
    answer = program(reviewer).post(url, sent | {"revision": 1, "version": 1}, format="json")
    assert answer.status_code == 409
    submitted.refresh_from_db()
    assert submitted.state == NeedState.SUBMITTED


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"outcome": "approved"}, "revision"),
        ({"outcome": "approved", "revision": 0, "version": 1, "scores": {"clear": 6}}, "scores"),
        ({"outcome": "approved", "revision": 0, "version": 1, "scores": {"clear": 5}}, "scores"),
        ({"outcome": "held", "revision": 0, "version": 1, "note": "等材料"}, "held_until"),
        ({"outcome": "perhaps", "revision": 0, "version": 1}, "outcome"),
    ],
)
def test_what_is_missing_is_told_by_field(body: dict[str, object], field: str, submitted: Need, reviewer: User) -> None:
    url = reverse("api:review-need-decide", args=[submitted.public_id])
    answer = program(reviewer).post(url, body, format="json")
    assert (answer.status_code, field in answer.json()) == (400, True)


def test_a_report_is_followed_by_its_reporter_and_kept_from_the_owner(
    sme_owner: User, professor: User, reviewer: User
) -> None:
    need = make_need(organisation=sme_owner.membership.organisation, contact=sme_owner)
    sent = {"about": "needs", "about_id": need.public_id, "reason": "outdated", "text": "去年就解决了。"}
    made = program(professor).post(reverse("api:report-list"), sent, format="json").json()
    again = program(professor).post(reverse("api:report-list"), sent, format="json").json()
    assert again["id"] == made["id"]
    assert program(sme_owner).get(reverse("api:report-list")).json()["results"] == []
    url = reverse("api:report-answer", args=[made["id"]])
    answer = {"state": "kept", "text": "仍未解决。", "seen": made["subject_version"]}
    assert program(reviewer).post(url, answer | {"seen": 99}, format="json").status_code == 409
    assert program(reviewer).post(url, answer, format="json").json()["state"] == "kept"
    assert program(reviewer).post(url, answer, format="json").status_code == 409
    [mine] = program(professor).get(reverse("api:report-list")).json()["results"]
    assert (mine["state"], mine["answer"]) == ("kept", "仍未解决。")


def test_what_a_person_does_not_see_they_cannot_report(stranger: User) -> None:
    hidden = make_capability(disclosure="brokers")
    sent = {"about": "capabilities", "about_id": hidden.public_id, "reason": "false"}
    assert program(stranger).post(reverse("api:report-list"), sent, format="json").status_code == 404


def test_reviewers_do_not_answer_their_own_reports(submitted: Need, reviewer: User) -> None:
    report = report_make(subject=submitted, by=reviewer, reason=ReportReason.FALSE)
    url = reverse("api:report-answer", args=[report.public_id])
    assert program(reviewer).post(url, {"state": "kept", "text": "好", "seen": 1}, format="json").status_code == 403
    assert Report.objects.get().is_open


def test_what_is_kept_back_is_listed_and_shown_again(submitted: Need, reviewer: User, stranger: User) -> None:
    need = make_need()
    withholding = row_withhold(row=need, by=reviewer, reason="涉嫌冒用他人名义")
    desk, url = program(reviewer), reverse("api:review-withholding-list")
    [told] = desk.get(url, {"is_lifted": "false"}).json()["results"]
    assert (told["id"], told["kind"], told["row"]) == (withholding.public_id, "need", need.public_id)
    assert (told["title"], told["organisation"]) == (need.title, need.organisation.name)
    assert (told["reason"], told["withheld_by"], told["lifted_at"]) == ("涉嫌冒用他人名义", reviewer.name, None)
    lift = reverse("api:review-withholding-lift", args=[told["id"]])
    for body in ({}, {"note": " "}, {"note": "长" * 301}):
        answer = desk.post(lift, body, format="json")
        assert (answer.status_code, list(answer.json())) == (400, ["note"])
    assert not Need.objects.visible_to(stranger).filter(pk=need.pk).exists()
    after = desk.post(lift, {"note": "已核实身份"}, format="json").json()
    assert (after["lifted_by"], after["lifted_note"], bool(after["lifted_at"])) == (reviewer.name, "已核实身份", True)
    assert Need.objects.visible_to(stranger).filter(pk=need.pk).exists()
    assert desk.post(lift, {"note": "再恢复一次"}, format="json").status_code == 409
    assert desk.get(url, {"is_lifted": "false"}).json()["count"] == 0
    assert desk.get(url, {"is_lifted": "true"}).json()["count"] == 1


def test_reviewers_of_another_district_neither_see_nor_lift_it(reviewer: User, second_reviewer: User) -> None:
    licang, laoshan = (Term.objects.get(vocabulary="district", code=code) for code in ("licang", "laoshan"))
    need = make_need(organisation=make_organisation("李沧机械厂", district=licang))
    withholding = row_withhold(row=need, by=reviewer, reason="涉嫌冒用他人名义")
    User.objects.filter(pk=second_reviewer.pk).update(covers_city=False)
    second_reviewer.refresh_from_db()
    second_reviewer.districts.set([laoshan])
    elsewhere, lift = program(second_reviewer), reverse("api:review-withholding-lift", args=[withholding.public_id])
    assert elsewhere.get(reverse("api:review-withholding-list")).json()["count"] == 0
    assert elsewhere.post(lift, {"note": "我恢复"}, format="json").status_code == 404
    second_reviewer.districts.set([licang])
    assert elsewhere.post(lift, {"note": "已核实身份"}, format="json").status_code == 200
