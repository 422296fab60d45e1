"""What may happen to engagements and outcomes, and in whose name."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts.models import Membership, Organisation, User
from apps.core import clock
from apps.core.errors import NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.engagements.models import Engagement, Outcome, OutcomeState
from apps.engagements.selectors import outcomes_waiting_for
from apps.engagements.services import (
    engagement_open,
    outcome_confirm,
    outcome_correct,
    outcome_reject,
    outcome_report,
)
from apps.matching.services import proposal_accept
from apps.needs.models import NeedState
from tests.engagements.conftest import PNG, outcome_type
from tests.factories import make_capability, make_need, make_proposal

Columns = Callable[..., dict[str, Any]]


@pytest.fixture
def proposal(enterprise: Organisation, university: Organisation) -> Any:
    return make_proposal(need=make_need(organisation=enterprise), capability=make_capability(organisation=university))


@pytest.mark.parametrize("need_side_first", [True, False])
def test_the_second_acceptance_opens_an_engagement_and_engages_the_need(
    proposal: Any, sme_owner: User, professor: User, need_side_first: bool
) -> None:
    first, second = (sme_owner, professor) if need_side_first else (professor, sme_owner)
    proposal_accept(proposal=proposal, by=first)
    assert not Engagement.objects.exists()
    proposal_accept(proposal=proposal, by=second)
    assert Engagement.objects.get().proposal == proposal
    proposal.need.refresh_from_db()
    assert proposal.need.state == NeedState.ENGAGED


def test_opening_twice_gives_the_same_engagement_and_one_entry(proposal: Any, sme_owner: User) -> None:
    assert engagement_open(proposal=proposal, by=sme_owner) == engagement_open(proposal=proposal, by=sme_owner)
    assert AuditEntry.objects.filter(action="engagement.opened").count() == 1


def test_a_need_may_have_two_engagements(
    proposal: Any, sme_owner: User, professor: User, university: Organisation
) -> None:
    other = make_proposal(need=proposal.need, capability=make_capability(organisation=university))
    for pair in (proposal, other):
        proposal_accept(proposal=pair, by=sme_owner)
        proposal_accept(proposal=pair, by=professor)
    assert Engagement.objects.count() == 2


@pytest.mark.parametrize(("reporter", "confirmer"), [("sme_owner", "professor"), ("professor", "colleague")])
def test_an_outcome_confirmed_by_the_other_side_counts_and_solves_the_need(
    engagement: Engagement, columns: Columns, reporter: str, confirmer: str, request: pytest.FixtureRequest
) -> None:
    outcome = outcome_report(engagement=engagement, by=request.getfixturevalue(reporter), **columns())
    outcome_confirm(outcome=outcome, by=request.getfixturevalue(confirmer))
    stored = Outcome.objects.get()
    assert (stored.state, stored.decided_by) == (OutcomeState.CONFIRMED, request.getfixturevalue(confirmer))
    assert stored.confirmed_at is not None
    need = stored.engagement.proposal.need
    assert need.state == NeedState.SOLVED


def test_an_administrator_may_confirm_for_the_other_side(reported: Outcome, administrator: User) -> None:
    assert outcome_confirm(outcome=reported, by=administrator).state == OutcomeState.CONFIRMED


def test_an_outcome_is_confirmed_also_when_its_reporter_has_left(
    reported: Outcome, sme_owner: User, professor: User
) -> None:
    Membership.objects.filter(user=sme_owner).delete()
    outcome_confirm(outcome=Outcome.objects.get(), by=professor)
    assert Outcome.objects.get().state == OutcomeState.CONFIRMED


def test_a_failure_is_recorded_without_solving_the_need(
    engagement: Engagement, sme_owner: User, professor: User, columns: Columns
) -> None:
    fields = columns(outcome_type=outcome_type("not_achieved"))
    outcome = outcome_report(engagement=engagement, by=sme_owner, **fields)
    outcome_confirm(outcome=outcome, by=professor)
    engagement.proposal.need.refresh_from_db()
    assert engagement.proposal.need.state == NeedState.ENGAGED


@pytest.mark.parametrize("who", ["sme_owner", "colleague", "stranger", "broker", "reviewer"])
def test_nobody_else_confirms_or_rejects(reported: Outcome, who: str, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        outcome_confirm(outcome=reported, by=user)
    with pytest.raises(NotAllowed):
        outcome_reject(outcome=reported, by=user, reason="不属实")
    assert Outcome.objects.get().state == OutcomeState.REPORTED


@pytest.mark.parametrize("who", ["stranger", "broker", "reviewer", "administrator"])
def test_only_the_two_sides_report(
    engagement: Engagement, columns: Columns, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        outcome_report(engagement=engagement, by=request.getfixturevalue(who), **columns())


@pytest.mark.parametrize("who", ["professor", "stranger", "administrator"])
def test_only_the_side_that_reported_corrects(
    reported: Outcome, columns: Columns, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        outcome_correct(outcome=reported, by=request.getfixturevalue(who), **columns())


def test_a_rejected_outcome_can_be_corrected_and_waits_again(
    reported: Outcome, colleague: User, professor: User, columns: Columns
) -> None:
    outcome_reject(outcome=reported, by=professor, reason="  寿命数据不对  ")
    assert Outcome.objects.get().rejection_reason == "寿命数据不对"
    outcome_correct(outcome=reported, by=colleague, **columns(description="寿命由三个月提高到六个月。"))
    stored = Outcome.objects.get()
    assert (stored.state, stored.rejection_reason, stored.decided_by) == (OutcomeState.REPORTED, "", None)
    assert stored.description == "寿命由三个月提高到六个月。"


def test_a_decided_outcome_is_not_decided_again(reported: Outcome, professor: User, administrator: User) -> None:
    outcome_confirm(outcome=reported, by=professor)
    with pytest.raises(NotAllowed):
        outcome_reject(outcome=reported, by=administrator, reason="不属实")
    with pytest.raises(NotAllowed):
        outcome_correct(outcome=reported, by=reported.reported_by, description="改写")
    assert Outcome.objects.get().state == OutcomeState.CONFIRMED


def test_nobody_confirms_what_was_changed_after_they_read_it(
    reported: Outcome, sme_owner: User, professor: User, columns: Columns
) -> None:
    seen = Outcome.objects.get().revision
    outcome_correct(outcome=reported, by=sme_owner, **columns(description="寿命由三个月提高到三年。"))
    with pytest.raises(StateConflict):
        outcome_confirm(outcome=reported, by=professor, seen=seen)
    assert Outcome.objects.get().state == OutcomeState.REPORTED
    outcome_confirm(outcome=reported, by=professor, seen=Outcome.objects.get().revision)


@pytest.mark.parametrize("reason", ["", "   ", "长" * 301, "含\x00控制字符"])
def test_a_rejection_needs_a_reason_that_can_be_kept(reported: Outcome, professor: User, reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        outcome_reject(outcome=reported, by=professor, reason=reason)
    assert list(refused.value.message_dict) == ["reason"]
    assert Outcome.objects.get().state == OutcomeState.REPORTED


@pytest.mark.parametrize("days", [-1, 41])
def test_an_outcome_lies_between_the_first_contact_and_today(
    engagement: Engagement, sme_owner: User, columns: Columns, days: int
) -> None:
    with pytest.raises(ValidationError) as refused:
        outcome_report(engagement=engagement, by=sme_owner, **columns(occurred_on=clock.today() - timedelta(days=days)))
    assert list(refused.value.message_dict) == ["occurred_on"]


def test_evidence_keeps_its_name_and_lies_under_a_random_one(
    engagement: Engagement, sme_owner: User, columns: Columns, picture: SimpleUploadedFile
) -> None:
    outcome = outcome_report(engagement=engagement, by=sme_owner, **columns(evidence=picture))
    assert outcome.evidence_name == "验收照片.png"
    assert "验收" not in str(outcome.evidence)


@pytest.mark.parametrize(("name", "content"), [("报告.pdf", PNG), ("脚本.exe", b"MZ"), ("空.png", b"")])
def test_evidence_that_is_not_what_its_name_says_is_refused(
    engagement: Engagement, sme_owner: User, columns: Columns, name: str, content: bytes
) -> None:
    upload = SimpleUploadedFile(name, content)
    with pytest.raises(ValidationError) as refused:
        outcome_report(engagement=engagement, by=sme_owner, **columns(evidence=upload))
    assert list(refused.value.message_dict) == ["evidence"]
    assert not Outcome.objects.exists()


def test_new_evidence_replaces_the_old_file(
    *,
    engagement: Engagement,
    sme_owner: User,
    columns: Columns,
    picture: SimpleUploadedFile,
    media: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    outcome = outcome_report(engagement=engagement, by=sme_owner, **columns(evidence=picture))
    newer = SimpleUploadedFile("新照片.png", PNG + b"2")
    with django_capture_on_commit_callbacks(execute=True):
        outcome_correct(outcome=outcome, by=sme_owner, **columns(evidence=newer))
    assert [path.read_bytes() for path in media.rglob("*") if path.is_file()] == [PNG + b"2"]


def test_an_outcome_waits_for_the_other_side_only(
    *, reported: Outcome, sme_owner: User, colleague: User, professor: User, stranger: User, administrator: User
) -> None:
    waiting = {user.name: list(outcomes_waiting_for(user)) for user in (sme_owner, colleague, stranger, administrator)}
    assert set(map(tuple, waiting.values())) == {()}
    assert list(outcomes_waiting_for(professor)) == [reported]
    outcome_confirm(outcome=reported, by=professor)
    assert not outcomes_waiting_for(professor).exists()


def test_an_administrator_of_a_side_confirms_nothing_of_that_side(
    reported: Outcome, enterprise: Organisation, administrator: User
) -> None:
    Membership.objects.create(user=administrator, organisation=enterprise)
    person = User.objects.get(pk=administrator.pk)
    with pytest.raises(NotAllowed):
        outcome_confirm(outcome=reported, by=person)
    with pytest.raises(NotAllowed):
        outcome_reject(outcome=reported, by=person, reason="不属实")


def test_several_outcomes_of_one_case_are_decided_each_by_itself(
    engagement: Engagement, sme_owner: User, professor: User, columns: Columns
) -> None:
    first, second = (outcome_report(engagement=engagement, by=sme_owner, **columns()) for _ in range(2))
    outcome_confirm(outcome=first, by=professor)
    outcome_reject(outcome=second, by=professor, reason="重复填报")
    assert [outcome.state for outcome in Outcome.objects.order_by("pk")] == ["confirmed", "rejected"]


@pytest.mark.parametrize(
    ("before", "after", "unit", "stored", "percent"),
    [
        ("3 个月", "8 个月", "", ("3", "8", "个月"), 167),
        ("3", "8", "个月", ("3", "8", "个月"), 167),
        ("12.5%", "4%", "", ("12.5", "4", "%"), -68),
        ("1,200 元/件", "900 元/件", "", ("1,200", "900", "元/件"), -25),
        ("人工检验", "在线检测", "", ("人工检验", "在线检测", ""), None),
        ("3 天", "2 小时", "", ("3 天", "2 小时", ""), None),
        ("0", "5", "件", ("0", "5", "件"), None),
    ],
)
def test_the_unit_of_an_indicator_stands_apart_from_its_numbers(
    *,
    engagement: Engagement,
    sme_owner: User,
    columns: Columns,
    before: str,
    after: str,
    unit: str,
    stored: tuple[str, str, str],
    percent: int | None,
) -> None:
    told = columns(indicator_name="寿命", before_value=before, after_value=after, indicator_unit=unit)
    outcome = outcome_report(engagement=engagement, by=sme_owner, **told)
    assert (outcome.before_value, outcome.after_value, outcome.indicator_unit) == stored
    assert outcome.change_percent == percent


def test_only_a_failure_has_a_reason_of_failure(engagement: Engagement, sme_owner: User, columns: Columns) -> None:
    failed = columns(outcome_type=outcome_type("not_achieved"))
    assert outcome_report(engagement=engagement, by=sme_owner, **failed).failure_reason == "other"
    chosen = outcome_report(engagement=engagement, by=sme_owner, **failed, failure_reason="cost")
    assert chosen.failure_reason == "cost"
    assert outcome_report(engagement=engagement, by=sme_owner, **columns(failure_reason="cost")).failure_reason == ""


def test_older_outcomes_take_their_units_apart(
    engagement: Engagement, sme_owner: User, professor: User, columns: Columns
) -> None:
    rows = [outcome_report(engagement=engagement, by=sme_owner, **columns()) for _ in range(3)]
    texts = (("3 个月", "8 个月"), ("人工", "自动"), ("3 天", "2 小时"))
    for row, (before, after) in zip(rows, texts, strict=True):
        Outcome.objects.filter(pk=row.pk).update(before_value=before, after_value=after, indicator_unit="")
    failed = outcome_report(engagement=engagement, by=professor, **columns(outcome_type=outcome_type("not_achieved")))
    Outcome.objects.filter(pk=failed.pk).update(failure_reason="")
    import_module("apps.engagements.migrations.0004_outcome_measures").take_units_apart(apps, None)
    stored = [(row.before_value, row.after_value, row.indicator_unit) for row in Outcome.objects.order_by("pk")[:3]]
    assert stored == [("3", "8", "个月"), ("人工", "自动", ""), ("3 天", "2 小时", "")]
    assert Outcome.objects.get(pk=failed.pk).failure_reason == "other"
