"""Needs from a file: needs_import."""

from datetime import date, timedelta
from typing import Any

import pytest

from apps.accounts.models import Organisation, User
from apps.core import clock
from apps.core.errors import NotAllowed
from apps.core.models import AuditEntry
from apps.needs import signals
from apps.needs.models import Need, NeedState
from apps.needs.services import ImportReport, needs_import
from apps.taxonomy.models import Term

pytestmark = pytest.mark.django_db

ROW: dict[str, Any] = {"external_id": "A-1", "title": "铝合金薄板焊接变形大", "description": "板厚 1.5 mm,焊后翘曲。"}


def run(rows: list[dict[str, Any]], organisation: Organisation, **options: Any) -> ImportReport:
    return needs_import(rows=rows, organisation=organisation, **{"by": None, **options})


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, len(report.problems)


def test_a_row_becomes_a_draft_with_its_description_as_goal(enterprise: Organisation, sme_owner: User) -> None:
    report = run([ROW], enterprise)
    need = Need.objects.get()
    assert counts(report) == (1, 0, 0, 0)
    assert (need.goal, need.state, need.source) == (ROW["description"], NeedState.DRAFT, "import")
    assert need.contact == sme_owner  # the first owner of the organisation


def test_the_same_file_again_changes_nothing(enterprise: Organisation, hearing: Any) -> None:
    rows = [ROW, ROW | {"external_id": "A-2", "tags": "激光焊接", "indicators": [{"name": "厚度", "low": 1}]}]
    run(rows, enterprise, publish=True)
    before = list(Need.objects.values())
    entries = AuditEntry.objects.count()
    with hearing(signals.needs_imported) as calls:
        report = run(rows, enterprise, publish=True)
    assert counts(report) == (0, 0, 2, 0)
    assert (list(Need.objects.values()), AuditEntry.objects.count(), calls) == (before, entries, [])


def test_published_rows_are_on_the_board_and_announced_once(enterprise: Organisation, hearing: Any) -> None:
    with hearing(signals.needs_imported) as calls, hearing(signals.need_published) as single:
        run([ROW, ROW | {"external_id": "A-2"}], enterprise, publish=True)
    assert Need.objects.open().count() == 2
    assert [len(call["needs"]) for call in calls] == [2]
    assert single == []


def test_a_changed_row_is_a_new_version(enterprise: Organisation, hearing: Any) -> None:
    run([ROW, ROW | {"external_id": "A-2"}], enterprise, publish=True)
    with hearing(signals.needs_imported) as calls:
        report = run([ROW | {"title": "新名称"}, ROW | {"external_id": "A-2"}], enterprise, publish=True)
    assert counts(report) == (0, 1, 1, 0)
    assert [(need.title, need.version) for need in calls[0]["needs"]] == [("新名称", 2)]


def test_rows_of_an_organisation_that_is_not_verified_wait(unverified: Organisation, hearing: Any) -> None:
    with hearing(signals.needs_imported) as calls:
        run([ROW], unverified, publish=True)
    assert Need.objects.get().state == NeedState.SUBMITTED
    assert calls == []


def test_a_closed_need_is_not_opened_by_an_import(enterprise: Organisation) -> None:
    run([ROW], enterprise, publish=True)
    Need.objects.update(state=NeedState.CLOSED)
    run([ROW | {"title": "新名称"}], enterprise, publish=True)
    assert (Need.objects.get().state, Need.objects.get().title) == (NeedState.CLOSED, "新名称")


def test_two_organisations_may_use_the_same_number(enterprise: Organisation, other_enterprise: Organisation) -> None:
    run([ROW], enterprise)
    assert counts(run([ROW], other_enterprise)) == (1, 0, 0, 0)


def test_every_field_can_be_imported(enterprise: Organisation) -> None:
    tags = [term.name for term in Term.objects.filter(vocabulary="tag")[:2]]
    row = ROW | {
        "goal": "目标",
        "background": "背景",
        "need_type": "工艺改造",
        "industry_chain": Term.objects.filter(vocabulary="industry_chain")[0].code,
        "tags": tags,
        "cooperation_modes": "委托开发、合作开发",
        "budget_band": "10–50 万元",
        "disclosure": "members",
        "expected_months": "12",
        "trl_now": 3.0,
        "valid_until": (clock.today() + timedelta(days=10)).isoformat(),
        "nda_required": "是",
        "ip_terms": "共有",
        "indicators": [{"name": "硬度", "comparison": "between", "low": "55", "high": 60, "unit": "HRC"}],
    }
    assert counts(run([row], enterprise, publish=True)) == (1, 0, 0, 0)
    need = Need.objects.get()
    assert (need.goal, need.background, need.disclosure, need.budget_band) == ("目标", "背景", "members", "10_50")
    assert (need.expected_months, need.trl_now, need.nda_required) == (12, 3, True)
    assert need.valid_until == date.fromisoformat(row["valid_until"])
    assert {term.name for term in need.tags.all()} == set(tags)
    assert {term.code for term in need.cooperation_modes.all()} == {"entrusted", "joint"}
    assert [row.target_text for row in need.indicators.all()] == ["55–60 HRC"]


def test_unknown_tags_are_left_out_and_noted(enterprise: Organisation) -> None:
    report = run([ROW | {"tags": "激光焊接;没有这个标签"}], enterprise)
    assert [term.name for term in Need.objects.get().tags.all()] == ["激光焊接"]
    assert [(note.row, note.field) for note in report.notes] == [(1, "tags")]
    assert "没有这个标签" in report.notes[0].message


def test_more_than_eight_tags_are_cut_and_noted(enterprise: Organisation) -> None:
    report = run([ROW | {"tags": [term.code for term in Term.objects.filter(vocabulary="tag")[:9]]}], enterprise)
    assert Need.objects.get().tags.count() == 8
    assert len(report.notes) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": None}, "title"),
        ({"title": "字" * 61}, "title"),
        ({"title": ["列表"]}, "title"),
        ({"title": "坏\x00字"}, "title"),
        ({"title": "坏\ud800字"}, "title"),
        ({"description": "字" * 2001}, "goal"),
        ({"description": {"a": 1}}, "description"),
        ({"external_id": ""}, "external_id"),
        ({"external_id": "字" * 101}, "external_id"),
        ({"external_id": "坏\x00字"}, "external_id"),
        ({"need_type": "没有这种类型"}, "need_type"),
        ({"need_type": 7}, "need_type"),
        ({"industry_chain": True}, "industry_chain"),
        ({"disclosure": "所有人"}, "disclosure"),
        ({"trl_now": 10}, "trl_now"),
        ({"expected_months": "三个月"}, "expected_months"),
        ({"expected_months": 1e300}, "expected_months"),
        ({"valid_until": "明年"}, "valid_until"),
        ({"valid_until": "2026-13-45"}, "valid_until"),
        ({"valid_until": "2020-01-01"}, "valid_until"),
        ({"tags": 5}, "tags"),
        ({"tags": [{}]}, "tags"),
        ({"indicators": "硬度"}, "indicators"),
        ({"indicators": ["硬度"]}, "indicators"),
        ({"indicators": [{"name": "硬度", "comparison": "more", "low": 1}]}, "indicators"),
        ({"indicators": [{"name": "硬度", "comparison": ["ge"], "low": 1}]}, "indicators"),
        ({"indicators": [{"name": "硬度", "low": float("nan")}]}, "indicators"),
        ({"indicators": [{"name": "硬度", "low": "1e999"}]}, "indicators"),
        ({"indicators": [{"name": "硬度", "low": [1]}]}, "indicators"),
        ({"indicators": [{"name": "硬度"}]}, "indicators"),
        ({"indicators": [{"low": 1}]}, "indicators"),
        ({"description": "青岛海岚精工有限公司的焊接问题"}, "goal"),
    ],
)
def test_a_bad_row_is_named_and_leaves_nothing_behind_while_the_others_come_in(
    enterprise: Organisation, change: dict[str, Any], field: str
) -> None:
    report = run([ROW | change, ROW | {"external_id": "A-2"}], enterprise, publish=True)
    assert counts(report) == (1, 0, 0, 1)
    assert (report.problems[0].row, report.problems[0].field) == (1, field)
    assert list(Need.objects.values_list("external_id", flat=True)) == ["A-2"]


def test_a_bad_change_leaves_the_earlier_row_as_it_was(enterprise: Organisation) -> None:
    run([ROW], enterprise, publish=True)
    report = run([ROW | {"title": "字" * 61}], enterprise, publish=True)
    assert counts(report) == (0, 0, 0, 1)
    assert (Need.objects.get().title, Need.objects.get().version) == (ROW["title"], 1)


def test_a_number_twice_in_one_file_is_a_problem_of_the_second_row(enterprise: Organisation) -> None:
    report = run([ROW, ROW | {"title": "另一个"}], enterprise)
    assert counts(report) == (1, 0, 0, 1)
    assert report.problems[0].row == 2


def test_people_import_for_their_own_organisation_only(
    enterprise: Organisation, sme_owner: User, stranger: User, administrator: User
) -> None:
    with pytest.raises(NotAllowed):
        run([ROW], enterprise, by=stranger)
    assert counts(run([ROW], enterprise, by=sme_owner)) == (1, 0, 0, 0)
    assert counts(run([ROW | {"external_id": "A-2"}], enterprise, by=administrator)) == (1, 0, 0, 0)


def test_no_rows_make_an_empty_report(enterprise: Organisation) -> None:
    assert counts(run([], enterprise)) == (0, 0, 0, 0)
