"""Rows for tests, complete enough to pass every rule; keywords replace any field."""

from datetime import timedelta
from typing import Any

from apps.accounts.models import Organisation, OrganisationKind, OrganisationState
from apps.capabilities.models import Capability, CapabilityKind, CapabilityState
from apps.core import clock
from apps.core.indicators import Comparison
from apps.core.models import new_public_id
from apps.engagements.models import Engagement
from apps.matching.index import changes
from apps.matching.models import Proposal, ProposalState, RowKind
from apps.needs.models import Need, NeedIndicator, NeedState
from apps.notifications.models import Notification
from apps.taxonomy.models import Term


def make_organisation(name: str, kind: OrganisationKind = OrganisationKind.ENTERPRISE, **fields: Any) -> Organisation:
    fields = {"state": OrganisationState.VERIFIED, "verified_at": clock.now()} | fields
    return Organisation.objects.get_or_create(name=name, defaults={"kind": kind, **fields})[0]


def make_need(**fields: Any) -> Need:
    """A published need with one indicator."""
    organisation = fields.pop("organisation", None) or make_organisation("青岛工厂有限公司")
    tags = fields.pop("tags", None)
    state = fields.get("state", NeedState.PUBLISHED)
    defaults: dict[str, Any] = {
        "organisation": organisation,
        "state": state,
        "title": "轧辊表面耐磨涂层寿命偏短",
        "need_type": Term.objects.get(vocabulary="need_type", code="process_change"),
        "background": "轧辊现在用热喷涂,三个月就磨损报废,停机换辊一次要八小时。",
        "goal": "希望找到更耐磨的激光熔覆涂层工艺,硬度达到 60 HRC 以上,寿命提高一倍。",
        "industry_chain": Term.objects.filter(vocabulary="industry_chain").first(),
        "budget_band": "10_50",
        "published_at": None if state in (NeedState.DRAFT, NeedState.SUBMITTED) else clock.now(),
    }
    need = Need.objects.create(**defaults | fields)
    need.cooperation_modes.add(Term.objects.get(vocabulary="cooperation_mode", code="entrusted"))
    need.tags.set(tags if tags is not None else Term.objects.filter(vocabulary="tag")[:1])
    NeedIndicator.objects.create(need=need, name="硬度", comparison=Comparison.AT_LEAST, low=60, unit="HRC")
    changes.record(RowKind.NEED, [need.pk])
    return need


def make_capability(**fields: Any) -> Capability:
    """A published result."""
    organisation = fields.pop("organisation", None) or make_organisation("测试大学", OrganisationKind.UNIVERSITY)
    state = fields.get("state", CapabilityState.PUBLISHED)
    defaults: dict[str, Any] = {
        "organisation": organisation,
        "state": state,
        "kind": CapabilityKind.RESULT,
        "title": "激光熔覆耐磨涂层制备技术",
        "value": "轧辊、模具寿命提高一倍以上",
        "description": "采用激光熔覆在轧辊表面制备耐磨涂层,硬度 62 HRC,已在多家企业应用。",
        "trl": 8,
        "details": {"ip_status": "granted", "transfer_modes": ["transfer"]},
        "published_at": None if state in (CapabilityState.DRAFT, CapabilityState.SUBMITTED) else clock.now(),
    }
    capability = Capability.objects.create(**defaults | fields)
    capability.cooperation_modes.add(Term.objects.get(vocabulary="cooperation_mode", code="transfer"))
    capability.industries.add(Term.objects.filter(vocabulary="industry_chain")[0])
    changes.record(RowKind.CAPABILITY, [capability.pk])
    return capability


def make_proposal(**fields: Any) -> Proposal:
    need = fields.pop("need", None) or make_need()
    capability = fields.pop("capability", None) or make_capability()
    defaults: dict[str, Any] = {
        "need": need,
        "capability": capability,
        "score": 62.5,
        "rank": 1,
        "engine_version": "test",
        "need_version": need.version,
        "capability_version": capability.version,
        "proposed_at": clock.now(),
    }
    return Proposal.objects.create(**defaults | fields)


def make_engagement(**fields: Any) -> Engagement:
    """Both sides accepted an hour ago."""
    proposal = fields.pop("proposal", None) or make_proposal()
    moment = clock.now() - timedelta(hours=1)
    Proposal.objects.filter(pk=proposal.pk).update(
        state=ProposalState.ACCEPTED, need_accepted_at=moment, capability_accepted_at=moment, accepted_at=moment
    )
    proposal.refresh_from_db()
    return Engagement.objects.create(**{"proposal": proposal, "opened_at": moment} | fields)


def make_notification(**fields: Any) -> Notification:
    """One that its recipient has not read; of a kind that no app has registered, so its words are its topic's name."""
    defaults: dict[str, Any] = {
        "topic": "proposals",
        "event_key": f"test:{new_public_id()}",
        "kind": "tests.nothing",
        "url_name": "home",
        "is_by_name": True,
    }
    return Notification.objects.create(**defaults | fields)
