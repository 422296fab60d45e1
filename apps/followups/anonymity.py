"""A side that is not named is nowhere in a story: not in its frame, and not in its words."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from apps.accounts.disclosure import mentions_owner
from apps.accounts.models import Organisation, OrganisationKind, User
from apps.followups.models import TEXTS, Story

KIND_WORDS = {
    OrganisationKind.ENTERPRISE: _("一家企业"),
    OrganisationKind.UNIVERSITY: _("一所高校"),
    OrganisationKind.INSTITUTE: _("一家科研院所"),
    OrganisationKind.BROKER: _("一家技术转移机构"),
    OrganisationKind.FINANCE: _("一家金融机构"),
    OrganisationKind.GOVERNMENT: _("一个政府部门"),
}


def need_side(story: Story) -> str:
    """Its name, or words that are on the board anyway: trade and district."""
    need = story.outcome.engagement.proposal.need
    if story.names_need:
        return need.organisation.name
    values = {"district": need.organisation.district, "chain": need.industry_chain}
    if all(values.values()):
        return _("%(district)s一家“%(chain)s”企业") % values
    if need.industry_chain:
        return _("一家“%(chain)s”企业") % values
    return str(KIND_WORDS[OrganisationKind(need.organisation.kind)])


def capability_side(story: Story) -> str:
    organisation = story.outcome.engagement.proposal.capability.organisation
    return organisation.name if story.names_capability else str(KIND_WORDS[OrganisationKind(organisation.kind)])


def hidden_names_told(story: Story) -> Mapping[str, list[object]]:
    """Field → what is wrong with it, for texts that name a side which is not to be named."""
    sentence = _("这里写出了不公开名称的一方（单位名称、简称或联系人），请改掉，或由该方选择公开名称。")
    return {
        name: [sentence]
        for name in TEXTS
        if any(_mentions(str(getattr(story, name)), *side) for side in _hidden_sides(story))
    }


def _hidden_sides(story: Story) -> list[tuple[Organisation, User | None]]:
    need, capability = story.outcome.engagement.proposal.need, story.outcome.engagement.proposal.capability
    sides = [] if story.names_need else [(need.organisation, need.contact)]
    return sides if story.names_capability else [*sides, (capability.organisation, capability.contact)]


def _mentions(text: str, organisation: Organisation, contact: User | None) -> bool:
    if mentions_owner(text, organisation):
        return True
    told = (contact.name, contact.phone, contact.email) if contact else ()
    return any(word and len(word) > 1 and word in text for word in told)
