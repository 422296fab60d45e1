"""Capabilities from a file: capabilities_import."""

from typing import Any

import pytest

from apps.accounts.models import Organisation, User
from apps.capabilities import signals
from apps.capabilities.models import Capability, CapabilityState
from apps.capabilities.services import capabilities_import
from apps.core.errors import NotAllowed
from apps.core.import_reports import ImportReport
from apps.core.models import AuditEntry
from apps.matching.models import MatchRequest, Priority
from tests.factories import make_need

pytestmark = pytest.mark.django_db
ROW = {"external_id": "K-1", "title": "激光熔覆耐磨涂层", "description": "硬度 62 HRC，已在两家企业应用。"}


def run(rows: list[dict[str, Any]], organisation: Organisation, **options: Any) -> ImportReport:
    return capabilities_import(rows=rows, organisation=organisation, **{"by": None, **options})


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, len(report.problems)


def test_a_row_becomes_a_draft_of_the_usual_kind(university: Organisation, professor: User) -> None:
    assert counts(run([ROW], university)) == (1, 0, 0, 0)
    capability = Capability.objects.get()
    assert (capability.kind, capability.state, capability.source) == ("result", CapabilityState.DRAFT, "import")
    assert capability.contact == professor  # the first owner of the organisation


def test_a_whole_row_is_read_by_code_or_by_name(university: Organisation) -> None:
    whole = ROW | {
        "kind": "仪器设备",
        "value": "两天出结果",
        "tags": "激光熔覆、没有这个标签",
        "industries": ["机械加工与模具"],
        "cooperation_modes": "检测/中试服务",
        "district": "崂山区",
        "indicators": [{"name": "温度", "comparison": "between", "low": 20, "high": "1100", "unit": "℃"}],
        "details": {"model": "X-9", "price": "面议"},
        "disclosure": "members",
        "valid_until": "2030-01-31",
    }
    report = run([whole], university)
    capability = Capability.objects.get()
    assert capability.kind == "instrument"
    assert capability.details == {"model": "X-9", "price": "面议"}
    assert [row.target_text for row in capability.indicators.all()] == ["20–1100 ℃"]
    assert (capability.disclosure, capability.valid_until.isoformat()) == ("members", "2030-01-31")
    assert ("tags", "没有这个标签") in [(note.field, note.message.split("“")[1].split("”")[0]) for note in report.notes]


def test_the_same_file_again_changes_nothing(university: Organisation) -> None:
    make_need()
    rows = [
        ROW | {"tags": "激光熔覆", "details": {"ip_status": "granted"}, "indicators": [{"name": "硬度", "low": 62}]}
    ]
    run(rows, university, publish=True)
    before = (AuditEntry.objects.count(), MatchRequest.objects.count(), Capability.objects.get().version)
    assert counts(run(rows, university, publish=True)) == (0, 0, 1, 0)
    assert (AuditEntry.objects.count(), MatchRequest.objects.count(), Capability.objects.get().version) == before


def test_many_at_once_match_the_open_needs_once_each_behind_the_people(university: Organisation) -> None:
    need = make_need()
    run([ROW, ROW | {"external_id": "K-2"}], university, publish=True)
    request = MatchRequest.objects.get()
    assert (request.need, request.priority) == (need, Priority.BULK)


def test_the_signal_tells_of_all_at_once(university: Organisation) -> None:
    told: list[list[Capability]] = []

    def listen(sender: object, *, capabilities: list[Capability], **_: Any) -> None:
        told.append(capabilities)

    signals.capabilities_imported.connect(listen)
    try:
        run([ROW, ROW | {"external_id": "K-2"}], university, publish=True)
        run([ROW | {"external_id": "K-3"}], university)
    finally:
        signals.capabilities_imported.disconnect(listen)
    assert [len(capabilities) for capabilities in told] == [2]


def test_a_changed_row_updates_its_capability_and_says_which_fields(university: Organisation) -> None:
    run([ROW], university, publish=True)
    assert counts(run([ROW | {"value": "寿命翻倍", "trl": "8"}], university)) == (0, 1, 0, 0)
    capability = Capability.objects.get()
    assert (capability.value, capability.trl, capability.version) == ("寿命翻倍", 8, 2)
    assert AuditEntry.objects.filter(action="capability.imported")[0].changes["fields"] == ["value", "trl"]


def test_a_row_without_a_kind_keeps_the_one_it_had(university: Organisation) -> None:
    run([ROW | {"kind": "expert", "details": {"job_title": "教授"}}], university)
    assert counts(run([ROW | {"details": {"job_title": "研究员"}}], university)) == (0, 1, 0, 0)
    assert Capability.objects.get().details == {"job_title": "研究员"}


def test_a_title_alone_is_enough_to_publish_from_a_list(university: Organisation) -> None:
    run([{"external_id": "K-9", "title": "炉"}], university, publish=True)
    assert Capability.objects.get().state == CapabilityState.PUBLISHED


def test_an_unverified_organisation_waits(unverified: Organisation) -> None:
    run([ROW], unverified, publish=True)
    assert Capability.objects.get().state == CapabilityState.SUBMITTED


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"external_id": ""}, "external_id"),
        ({"external_id": None}, "external_id"),
        ({"external_id": "含\x00字符"}, "external_id"),
        ({"title": ""}, "title"),
        ({"title": "长" * 61}, "title"),
        ({"title": ["列表"]}, "title"),
        ({"title": "含\x00字符"}, "title"),
        ({"description": "长" * 4001}, "description"),
        ({"kind": "魔法"}, "kind"),
        ({"trl": "十"}, "trl"),
        ({"trl": 12}, "trl"),
        ({"trl": 7.5}, "trl"),
        ({"valid_until": "明天"}, "valid_until"),
        ({"disclosure": "all"}, "disclosure"),
        ({"district": "月球"}, "district"),
        ({"tags": {"a": 1}}, "tags"),
        ({"indicators": "硬度"}, "indicators"),
        ({"indicators": [{"name": "硬度", "comparison": "more", "low": 1}]}, "indicators"),
        ({"indicators": [{"name": "硬度", "low": "1e999"}]}, "indicators"),
        ({"details": "面议"}, "details"),
        ({"details": {"model": "X"}}, "model"),
        ({"details": {"ip_status": ["granted"]}}, "ip_status"),
    ],
)
def test_a_bad_row_is_named_and_leaves_nothing_behind_while_the_others_come_in(
    university: Organisation, change: dict[str, Any], field: str
) -> None:
    report = run([ROW | change, ROW | {"external_id": "K-2"}], university, publish=True)
    assert counts(report)[:3] == (1, 0, 0)
    assert {(problem.row, problem.field) for problem in report.problems} == {(1, field)}
    assert Capability.objects.get().external_id == "K-2"


def test_a_number_twice_in_one_file_counts_once(university: Organisation) -> None:
    report = run([ROW, ROW | {"title": "另一个"}], university)
    assert counts(report) == (1, 0, 0, 1)
    assert Capability.objects.get().title == ROW["title"]


def test_only_its_people_and_administrators_import_for_an_organisation(
    university: Organisation, professor: User, stranger: User, broker: User, administrator: User
) -> None:
    for user in (stranger, broker):
        with pytest.raises(NotAllowed):
            run([ROW], university, by=user)
    run([ROW], university, by=professor)
    run([ROW | {"external_id": "K-2"}], university, by=administrator)
    assert Capability.objects.count() == 2
