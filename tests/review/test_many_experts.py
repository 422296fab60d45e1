"""Experts that a file brings wait for their word; an institute that shows a signed list is believed for all at once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.urls import reverse

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability, CapabilityState
from apps.capabilities.services import capabilities_import
from apps.core import clock
from apps.core.errors import NotAllowed
from apps.core.import_reports import ImportReport
from apps.core.models import AuditEntry
from apps.imports.models import Import, ImportKind
from apps.imports.services import import_run, import_undo
from apps.notifications.models import Notification
from apps.review.models import ConfirmationState, ExpertConfirmation
from apps.review.queues import counts, expert_lists
from apps.review.services import proving
from apps.review.services.experts import expert_answer, expert_ask
from apps.review.services.proving import experts_prove
from tests.imports.web.steps import brought, mapped, worked, xlsx
from tests.review.conftest import ClientOf

pytestmark = pytest.mark.usefixtures("taxonomy")
NOTE = "单位已出示本人签字的名单"
NAMES = ("钱教授", "孙教授", "李教授")


def row_of(number: int, name: str, **more: Any) -> dict[str, Any]:
    details = {"person_name": name, "job_title": "教授", "directions": "激光熔覆", "confirmed": True}
    return {
        "external_id": f"E-{number}",
        "kind": "expert",
        "title": f"激光熔覆专家{number}",
        "value": "解决磨损问题",
        "industries": "智能装备",
        "cooperation_modes": "技术咨询",
        "details": details,
        **more,
    }


def run(university: Organisation, by: User, *names: str, **more: Any) -> ImportReport:
    rows = [row_of(number, name, **more) for number, name in enumerate(names)]
    report = capabilities_import(rows=rows, organisation=university, by=by, publish=True)
    assert not report.problems
    return report


@pytest.fixture
def listed(university: Organisation, professor: User) -> list[Capability]:
    run(university, professor, *NAMES)
    return list(Capability.objects.order_by("external_id"))


def states() -> list[str]:
    return list(Capability.objects.order_by("external_id").values_list("state", flat=True))


def test_experts_of_a_file_wait_and_a_second_import_changes_nothing(
    listed: list[Capability], university: Organisation, professor: User, reviewer: User
) -> None:
    assert states() == [CapabilityState.SUBMITTED] * 3
    assert counts(reviewer)["experts"] == 3
    assert run(university, professor, *NAMES).unchanged == 3


def test_who_brings_a_file_with_themselves_has_agreed_by_that(university: Organisation, professor: User) -> None:
    run(university, professor, professor.name, "钱教授")
    assert states() == [CapabilityState.PUBLISHED, CapabilityState.SUBMITTED]


def test_all_are_confirmed_with_one_note_and_who_listed_them_is_told_once(
    listed: list[Capability], university: Organisation, professor: User, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "BATCH", 2)
    assert expert_lists(reviewer) == [(university, 3)]
    assert experts_prove(organisation=university, by=reviewer, note=NOTE, shown_at=clock.now()) == 3
    assert states() == [CapabilityState.PUBLISHED] * 3
    found = ExpertConfirmation.objects.values_list("state", "note", "proved_by").distinct()
    assert list(found) == [(ConfirmationState.CONFIRMED, NOTE, reviewer.pk)]
    assert AuditEntry.objects.filter(action="expert.proved").count() == 3
    told = Notification.objects.get(kind="review.experts_proved")
    assert (told.recipient, told.parameters["count"]) == (professor, 3)
    assert experts_prove(organisation=university, by=reviewer, note=NOTE, shown_at=clock.now()) == 0


def test_only_who_is_on_the_list_is_confirmed(
    listed: list[Capability], university: Organisation, reviewer: User
) -> None:
    given: dict[str, Any] = {"note": NOTE, "shown_at": clock.now(), "names": ["孙教授", "没有此人"]}
    assert experts_prove(organisation=university, by=reviewer, **given) == 1
    assert states() == ["submitted", "published", "submitted"]


def test_who_came_after_the_page_was_opened_goes_on_waiting(
    listed: list[Capability], university: Organisation, professor: User, reviewer: User
) -> None:
    shown_at = clock.now()
    Capability.objects.filter(external_id="E-1").update(updated_at=shown_at + timedelta(seconds=1))
    assert experts_prove(organisation=university, by=reviewer, note=NOTE, shown_at=shown_at) == 2
    assert states() == ["published", "submitted", "published"]


def test_a_list_does_not_speak_against_who_said_no(
    listed: list[Capability], university: Organisation, professor: User, reviewer: User
) -> None:
    asked = expert_ask(capability=listed[0], by=professor, email="qian@lab.example")
    expert_answer(confirmation=asked, answer=ConfirmationState.DECLINED)
    Capability.objects.filter(pk=listed[0].pk).update(state=CapabilityState.SUBMITTED)
    assert experts_prove(organisation=university, by=reviewer, note=NOTE, shown_at=clock.now()) == 2
    assert states() == ["submitted", "published", "published"]


def test_a_link_that_was_sent_before_is_dead_afterwards(
    listed: list[Capability], university: Organisation, professor: User, reviewer: User
) -> None:
    expert_ask(capability=listed[0], by=professor, email="qian@lab.example")
    assert experts_prove(organisation=university, by=reviewer, note=NOTE, shown_at=clock.now()) == 3
    assert ExpertConfirmation.objects.get(capability=listed[0]).state == ConfirmationState.CONFIRMED


def test_only_reviewers_of_the_region_confirm_and_only_with_a_note(
    listed: list[Capability], university: Organisation, professor: User, broker: User, reviewer: User
) -> None:
    for person in (professor, broker):
        with pytest.raises(NotAllowed):
            experts_prove(organisation=university, by=person, note=NOTE, shown_at=clock.now())
    with pytest.raises(ValidationError):
        experts_prove(organisation=university, by=reviewer, note=" ", shown_at=clock.now())


def test_the_page_shows_who_waits_and_confirms_them(
    listed: list[Capability], university: Organisation, professor: User, reviewer: User, client_of: ClientOf
) -> None:
    desk, url = client_of(reviewer), reverse("experts_prove", args=[university.public_id])
    assert url in desk.get(reverse("review"), {"tab": "experts"}).content.decode()
    page = desk.get(url)
    assert all(name in page.content.decode() for name in NAMES)
    assert reverse("capabilities:create") not in page.content.decode()  # the organisation is not the reviewer's own
    sent = {"shown_at": page.context["form"]["shown_at"].value(), "note": NOTE, "names": "钱教授\n孙教授"}
    answer = desk.post(url, sent, follow=True).content.decode()
    assert "已确认 2 位专家。还有 1 位" in answer
    assert client_of(professor).post(url, sent).status_code == 403


def test_a_public_listing_does_not_become_one_of_another_expert(
    listed: list[Capability], university: Organisation, professor: User, reviewer: User
) -> None:
    experts_prove(organisation=university, by=reviewer, note=NOTE, shown_at=clock.now())
    rows = [row_of(0, "另一个人"), row_of(1, "孙教授", title="改了名称")]
    report = capabilities_import(rows=rows, organisation=university, by=professor, publish=True)
    assert (report.updated, [problem.row for problem in report.problems]) == (1, [1])


@pytest.fixture
def job(professor: User, tmp_path: Path, settings: LazySettings) -> Import:
    settings.MEDIA_ROOT = tmp_path
    head = ["编号", "名称", "一句话价值", "应用产业", "合作方式", "姓名", "职称", "研究方向", "本人已同意公开"]
    row = ["解决磨损问题", "智能装备", "技术咨询"]
    rows = [[f"E-{n}", f"专家{n}", *row, name, "教授", "激光熔覆", "是"] for n, name in enumerate(NAMES)]
    found = mapped(brought(professor, xlsx([head, *rows]), kind=ImportKind.EXPERT), professor)
    assert found.bad_count == 0, list(found.remarks.values_list("field", "message"))
    import_run(job=found, by=professor)
    return worked(found)


def test_the_page_of_the_import_tells_how_many_wait(job: Import, professor: User, client_of: ClientOf) -> None:
    page = client_of(professor).get(reverse("imports:detail", args=[job.public_id])).content.decode()
    assert "3 位专家还没有公开" in page


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_an_import_of_experts_is_undone_before_and_after_they_were_confirmed(
    is_confirmed: bool, job: Import, university: Organisation, professor: User, reviewer: User
) -> None:
    if is_confirmed:
        assert experts_prove(organisation=university, by=reviewer, note=NOTE, shown_at=clock.now()) == 3
    import_undo(job=job, by=professor)
    assert worked(job).left_count == 0
    assert set(Capability.objects.values_list("state", "external_id")) == {(CapabilityState.ARCHIVED, "")}
    assert counts(reviewer)["experts"] == 0
