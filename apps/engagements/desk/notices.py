"""What brokers and sides are told by the desk and the reply clock of a case. The need's title is all that is quoted."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import User
from apps.core.due_times import moment_text
from apps.engagements.models import Engagement, Referral, ReferralKind, Wait, WaitKind
from apps.engagements.notices import people_of_side
from apps.matching.models import Proposal, Side
from apps.notifications.kinds import Kind, Parameters, register
from apps.notifications.recipients import speakers
from apps.notifications.services import notify


def _in_words(parameters: Parameters) -> Parameters:
    kind = str(parameters.get("kind", ""))
    return {**parameters, "kind": str(ReferralKind(kind).label) if kind in ReferralKind.values else kind}


register(
    Kind("engagements.referral_given", _("转交给您：“%(need)s”"), _("事由：%(kind)s。请到工作台查看。"), _in_words),
    Kind("engagements.step_tomorrow", _("明天到期：“%(need)s”"), _("由您负责的下一步将于 %(day)s 到期。")),
    Kind("engagements.wait_message", _("“%(need)s”有消息等您回复"), _("请在 %(due)s 前回复。")),
    Kind("engagements.wait_outcome", _("“%(need)s”有成效等您确认"), _("请在 %(due)s 前确认或退回。")),
    Kind("engagements.recommended_need", _("技术经纪人为“%(need)s”推荐了一项资源"), _("请看过推荐理由后答复。")),
    Kind("engagements.recommended_capability", _("技术经纪人把“%(need)s”推荐给您"), _("请看过推荐理由后答复。")),
    Kind("engagements.wait_agreement", _("“%(need)s”的保密协议等您确认"), _("请在 %(due)s 前确认。")),
)


def tell_of_referral(referral: Referral, to: User) -> int:
    return notify(
        event_key=f"referral:{referral.public_id}:given:{to.pk}:{referral.updated_at:%Y%m%dT%H%M%S%f}",
        topic="engagements",
        recipients=[to],
        kind="engagements.referral_given",
        params={"need": referral.need.title, "kind": referral.kind},
        url_name="desk:detail",
        url_args=[referral.public_id],
        by_name=True,
    )


def tell_of_recommendation(proposal: Proposal, by: User) -> None:
    """Both sides, each as its own: the supplier of a need that is kept for brokers hears nothing until it says yes."""
    need, capability = proposal.need, proposal.capability
    people = {Side.NEED: speakers(need.organisation, need.contact)}
    if need.disclosure != Disclosure.BROKERS or proposal.need_accepted_at is not None:
        people[Side.CAPABILITY] = speakers(capability.organisation, capability.contact)
    for side, told in people.items():
        notify(
            event_key=f"proposal:{proposal.public_id}:recommended:{side}",
            topic="proposals",
            recipients=[person for person in told if person != by],
            kind=f"engagements.recommended_{side}",
            params={"need": need.title},
            url_name="matching:proposal",
            url_args=[proposal.public_id],
            by_name=True,
            as_members=True,
        )


def remind_of_wait(wait: Wait) -> int:
    """The people of the side that is to answer, once."""
    engagement = wait.engagement
    return notify(
        event_key=f"wait:{wait.pk}:reminder",
        topic="replies",
        recipients=people_of_side(engagement, Side(wait.side)),
        kind=f"engagements.wait_{wait.kind}",
        params={"need": engagement.proposal.need.title, "due": moment_text(wait.due_at)},
        url_name="engagements:talk" if wait.kind == WaitKind.MESSAGE else "engagements:detail",
        url_args=[engagement.public_id],
        by_name=True,
        as_members=True,
    )


def remind_of_step(engagement: Engagement) -> int:
    """The owner of the present step, on the day before it is due."""
    if engagement.owner is None or engagement.due_on is None:
        return 0
    return notify(
        event_key=f"case:{engagement.public_id}:step:{engagement.state}:{engagement.due_on}:{engagement.owner_id}",
        topic="replies",
        recipients=[engagement.owner],
        kind="engagements.step_tomorrow",
        params={"need": engagement.proposal.need.title, "day": engagement.due_on.isoformat()},
        url_name="engagements:detail",
        url_args=[engagement.public_id],
        by_name=True,
        as_members=True,
    )
