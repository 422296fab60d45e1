"""What a journey finds when it begins, and the passing of time. Runs in a process of the site: see `Stage`."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import PlatformRole, User
from apps.capabilities.models import Capability, CapabilityState
from apps.capabilities.services import capability_publish
from apps.core import clock
from apps.core.indicators import Comparison
from apps.engagements.models import Engagement
from apps.followups.links import answer_path
from apps.followups.models import Questionnaire
from apps.followups.tasks import ask
from apps.matching.models import Ask, Side
from apps.matching.tasks import replies
from apps.needs.models import NeedState
from apps.needs.services import need_submit
from apps.searches.tasks import look
from apps.taxonomy.models import Term
from tests.e2e.conftest import Site
from tests.factories import make_capability, make_need

CHAIN = "chain_machining"


@dataclass(frozen=True)
class Stage:
    """The functions of this module, called in a process of the site; what they return is the answer."""

    site: Site

    def __call__(self, function: str, **values: Any) -> Any:
        code = f"import json; from tests.e2e import stage; print(json.dumps(stage.{function}(**{values!r})))"
        return json.loads(self.site.manage("shell", "--verbosity", "0", "-c", code).splitlines()[-1])


def post_need(
    *, email: str, tags: list[str], at_most: tuple[str, float, str], is_secret: bool = False, **texts: str
) -> str:
    """A need that the worker matches at once; its public id. `at_most`: an indicator, its limit and unit.

    `is_secret`: anonymous, and asks for an agreement.
    """
    user = User.objects.get(email=email)
    need = make_need(
        organisation=user.membership.organisation,
        contact=user,
        created_by=user,
        state=NeedState.DRAFT,
        industry_chain=Term.objects.get(vocabulary="industry_chain", code=CHAIN),
        tags=Term.objects.filter(vocabulary="tag", code__in=tags),
        disclosure=Disclosure.PUBLIC_ANONYMOUS if is_secret else Disclosure.PUBLIC_NAMED,
        nda_required=is_secret,
        **texts,
    )
    name, limit, unit = at_most
    need.indicators.update(name=name, comparison=Comparison.AT_MOST, low=None, high=limit, unit=unit)
    return need_submit(need=need, by=user).public_id


def post_capability(*, email: str, tags: list[str], **texts: str) -> str:
    """A published result; the id of its pages."""
    user = User.objects.get(email=email)
    house = user.membership.organisation
    row = make_capability(organisation=house, contact=user, created_by=user, state=CapabilityState.DRAFT, **texts)
    row.tags.set(Term.objects.filter(vocabulary="tag", code__in=tags))
    row.industries.set(Term.objects.filter(vocabulary="industry_chain", code=CHAIN))
    return capability_publish(capability=row, by=user).public_id


def post_colleague(*, name: str) -> None:
    """A second broker of the whole city."""
    User.objects.create_user("jingjiren2@example.com", name=name, platform_role=PlatformRole.BROKER, covers_city=True)


def let_reply_time_pass(*, need: str) -> None:
    """Whoever is waited for about this need has run out of time, and the clockwork comes round."""
    Ask.objects.filter(proposal__need__public_id=need, answered_at=None).update(due_at=clock.now())
    replies()


def let_months_pass(*, case: str, months: int) -> None:
    """The case was delivered that many months ago, and the clockwork comes round."""
    delivered = clock.now() - timedelta(days=31 * months)
    Engagement.objects.filter(public_id=case).update(state_since=delivered)
    ask()


def look_for_news() -> None:
    look()


def let_stale_soon(*, title: str) -> None:
    Capability.objects.filter(title=title).update(valid_until=clock.today() + timedelta(days=5))


def questionnaire_path(*, case: str, email: str) -> str:
    """Where the letter to this person leads; the letter itself may wait for the morning."""
    user = User.objects.get(email=email)
    row = Questionnaire.objects.get(engagement__public_id=case, side=Side.CAPABILITY)
    return answer_path(row.public_id, user=user.pk)
