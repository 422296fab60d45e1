"""A pair that a broker puts together by hand, with the reason that both sides read."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.disclosure import Disclosure, mentions_owner
from apps.accounts.models import User
from apps.capabilities.models import Capability
from apps.core import audit, clock
from apps.engagements.desk import notices
from apps.engagements.desk.permissions import can_recommend
from apps.engagements.models import Recommendation
from apps.matching.lookup.services import proposal_pick
from apps.matching.models import Proposal
from apps.needs.models import Need
from apps.needs.services import need_reply_record


@transaction.atomic
def pair_recommend(*, need: Need, capability: Capability, reason: str, by: User) -> Proposal:
    """Put the pair into both sides' lists, with a reason of at most 500 signs; it is a broker's reply to the need.

    Of a pair that is listed already, the reason is added or replaced. ValidationError beside "reason"; NotAllowed and
    StateConflict as `proposal_pick`.
    """
    can_recommend(by).require()
    proposal = proposal_pick(need=need, capability=capability, by=by, unscored=True)
    row = Recommendation.objects.filter(proposal=proposal).first() or Recommendation(proposal=proposal)
    row.text, row.by, row.at = reason.strip(), by, clock.now()
    try:
        row.full_clean()
    except ValidationError as error:
        raise ValidationError({"reason": error.message_dict.get("text", error.messages)}) from error
    _refuse_hidden_names(row.text, need, capability)
    row.save()
    audit.record(proposal, "proposal.recommended", by=by, changes={"reason": row.text})
    need_reply_record(need=need, at=row.at)
    notices.tell_of_recommendation(proposal, by)
    return proposal


def _refuse_hidden_names(text: str, *rows: Need | Capability) -> None:
    """Both sides read it before either has accepted."""
    if any(row.disclosure != Disclosure.PUBLIC_NAMED and mentions_owner(text, row.organisation) for row in rows):
        raise ValidationError({"reason": [_("推荐理由中出现了未公开名称的单位，请换一种说法。")]})
