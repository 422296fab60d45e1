"""举报: made once, answered once; who reported stays a secret."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.services.limits import SentTooOften
from apps.administration.own_data import own_data
from apps.core.errors import NotAllowed, StateConflict
from apps.needs.models import Need, NeedState
from apps.notifications.models import Notification
from apps.review.models import Report, ReportReason, ReportState, Verdict
from apps.review.queues import counts
from apps.review.services.reporting import report_answer, report_make
from tests.factories import make_capability, make_need, make_organisation
from tests.review.conftest import ClientOf

pytestmark = pytest.mark.usefixtures("taxonomy")


@pytest.fixture
def published(sme_owner: User) -> Need:
    return make_need(organisation=sme_owner.membership.organisation, contact=sme_owner)


@pytest.fixture
def report(published: Need, professor: User) -> Report:
    return report_make(subject=published, by=professor, reason=ReportReason.OUTDATED, text="去年就解决了。")


def answered(report: Report, by: User, state: ReportState, text: str) -> None:
    """By somebody who read what stands there now."""
    report_answer(report=report, by=by, state=state, text=text, seen=report.subject_version)


def test_one_person_has_one_open_report_of_a_thing(report: Report, published: Need, professor: User) -> None:
    assert report_make(subject=published, by=professor, reason=ReportReason.FALSE) == report
    assert Report.objects.count() == 1


def test_nobody_reports_their_own(published: Need, sme_owner: User, colleague: User) -> None:
    for person in (sme_owner, colleague):
        with pytest.raises(NotAllowed):
            report_make(subject=published, by=person, reason=ReportReason.FALSE)


def test_another_reason_has_to_be_told(published: Need, professor: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        report_make(subject=published, by=professor, reason=ReportReason.OTHER, text="  ")
    assert set(refusal.value.message_dict) == {"text"}


def test_ten_a_day_are_enough(professor: User) -> None:
    for number in range(10):
        subject = make_organisation(f"青岛第{number}机械有限公司")
        report_make(subject=subject, by=professor, reason=ReportReason.FALSE)
    with pytest.raises(SentTooOften):
        report_make(subject=make_organisation("青岛末一机械有限公司"), by=professor, reason=ReportReason.FALSE)


def test_taking_down_tells_the_owner_why_and_the_reporters_that_it_is_done(
    report: Report, published: Need, sme_owner: User, professor: User, stranger: User, reviewer: User
) -> None:
    also = report_make(subject=published, by=stranger, reason=ReportReason.FALSE)
    answered(report, reviewer, ReportState.TAKEN_DOWN, "请更新后再提交。")
    published.refresh_from_db()
    also.refresh_from_db()
    assert (published.state, published.return_reason) == (NeedState.RETURNED, "请更新后再提交。")
    assert also.state == ReportState.TAKEN_DOWN
    told = {row.recipient_id: row.kind for row in Notification.objects.all()}
    assert told[professor.pk] == told[stranger.pk] == "review.report_taken_down"
    assert told[sme_owner.pk] == "needs.returned"
    assert Verdict.objects.get().waiting_since == report.created_at


def test_nothing_that_the_owner_reads_names_the_reporter(
    report: Report, published: Need, sme_owner: User, professor: User, reviewer: User, client_of: ClientOf
) -> None:
    answered(report, reviewer, ReportState.ASKED, "请核实是否已经解决。")
    answered(report, reviewer, ReportState.TAKEN_DOWN, "请更新。")
    client = client_of(sme_owner)
    pages = [
        reverse("needs:detail", args=[published.public_id]),
        reverse("notifications:inbox"),
        reverse("reports_mine"),
    ]
    for page in pages:
        assert professor.name not in client.get(page, follow=True).content.decode()
    told = Notification.objects.filter(recipient=sme_owner)
    assert {row.kind for row in told} == {"review.owner_asked", "needs.returned"}
    assert all(professor.name not in str(row.parameters) for row in told)


def test_the_second_reviewer_is_told_that_it_is_answered(report: Report, reviewer: User, second_reviewer: User) -> None:
    answered(report, reviewer, ReportState.KEPT, "与企业核实，仍未解决。")
    with pytest.raises(StateConflict, match="郑审核"):
        answered(report, second_reviewer, ReportState.TAKEN_DOWN, "过期")
    assert counts(reviewer)["reports"] == 0


@pytest.mark.parametrize("kind", ["need", "organisation"])
def test_what_was_mended_meanwhile_is_not_taken_down_unread(
    kind: str, published: Need, professor: User, reviewer: User, client_of: ClientOf
) -> None:
    """The page is shown again with what was typed; sent once more, it is about what stands there now."""
    subject = published if kind == "need" else published.organisation
    report = report_make(subject=subject, by=professor, reason=ReportReason.OUTDATED)
    desk, page = client_of(reviewer), reverse("report_detail", args=[report.public_id])
    assert f'name="seen" value="{report.subject_version}"' in desk.get(page).content.decode()
    column = "version" if kind == "need" else "revision"
    type(subject).objects.filter(pk=subject.pk).update(**{column: F(column) + 1})
    sent = {"state": "taken_down", "text": "请更新后再提交。", "seen": report.subject_version}
    again = desk.post(f"{page}answer/", sent).content.decode()
    for part in ("发布方刚刚修改了内容", "请更新后再提交。", f'name="seen" value="{report.subject_version + 1}"'):
        assert part in again
    assert Report.objects.get().is_open
    assert desk.post(f"{page}answer/", sent | {"seen": report.subject_version + 1}).status_code == 302
    assert Report.objects.get().state == ReportState.TAKEN_DOWN


def test_who_is_asked_to_look_leaves_the_report_open(report: Report, reviewer: User) -> None:
    answered(report, reviewer, ReportState.ASKED, "请核实。")
    assert counts(reviewer)["reports"] == 1


@pytest.mark.parametrize("role", ["sme_owner", "professor", "broker", "stranger"])
def test_only_reviewers_read_and_answer_reports(
    role: str, report: Report, client_of: ClientOf, request: pytest.FixtureRequest
) -> None:
    client, page = client_of(request.getfixturevalue(role)), reverse("report_detail", args=[report.public_id])
    assert client.get(page).status_code == 403
    assert client.post(f"{page}answer/", {"state": "kept", "text": "好", "seen": 1}).status_code == 403


def test_a_report_is_made_and_answered_on_pages(
    published: Need, stranger: User, reviewer: User, client_of: ClientOf
) -> None:
    visitor = client_of(stranger)
    link = reverse("report_new", args=["needs", published.public_id])
    assert link in visitor.get(reverse("needs:detail", args=[published.public_id])).content.decode()
    assert visitor.post(link, {"reason": "other", "text": ""}).status_code == 200
    assert visitor.post(link, {"reason": "false", "text": "查无此事"}).status_code == 302
    report, desk = Report.objects.get(), client_of(reviewer)
    assert published.title in desk.get(reverse("review"), {"tab": "reports"}).content.decode()
    page = reverse("report_detail", args=[report.public_id])
    assert "查无此事" in desk.get(page).content.decode()
    assert desk.post(f"{page}answer/", {"state": "kept", "text": "", "seen": 1}).status_code == 200
    assert desk.post(f"{page}answer/", {"state": "kept", "text": "已电话核实。", "seen": 1}).status_code == 302
    assert "已电话核实。" in visitor.get(reverse("reports_mine")).content.decode()


def test_what_a_person_does_not_see_they_cannot_report(stranger: User, client_of: ClientOf) -> None:
    hidden = make_capability(disclosure="brokers")
    assert client_of(stranger).get(reverse("report_new", args=["capabilities", hidden.public_id])).status_code == 404


@pytest.mark.parametrize(("state", "is_told"), [("asked", False), ("taken_down", False), ("kept", True)])
def test_the_reporter_reads_nothing_that_was_said_to_the_publisher(
    state: str, is_told: bool, report: Report, reviewer: User, professor: User, client_of: ClientOf
) -> None:
    answered(report, reviewer, ReportState(state), "请贵厂核实后联系我们。")
    reader = client_of(professor)
    address = reverse("exports:list", args=["reports-mine", "csv"])
    told = [
        reader.get(reverse("reports_mine")).content.decode(),
        b"".join(reader.get(address).streaming_content).decode(),  # type: ignore[attr-defined]  # of a streaming answer
        reader.get("/api/v1/reports/").content.decode(),
        reader.get(f"/api/v1/reports/{report.public_id}/").content.decode(),
        str(own_data(professor)["reports"]),
    ]
    assert ["请贵厂核实" in text for text in told] == [is_told] * 5
    assert "请贵厂核实" in client_of(reviewer).get(f"/api/v1/reports/{report.public_id}/").content.decode()
