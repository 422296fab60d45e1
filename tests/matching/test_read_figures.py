"""What a supplier wrote only into the description is compared all the same, and told as such."""

from collections.abc import Callable

from apps.accounts.models import User
from apps.capabilities.models import Capability
from apps.matching.models import MatchRequest, Proposal
from apps.needs.models import Need
from tests.matching.pages import SignIn, list_url, text_of


def test_a_figure_of_the_description_is_compared_and_shown_as_such(
    *,
    need: Need,
    capability: Capability,
    match: Callable[..., MatchRequest],
    sme_owner: User,
    client_of: SignIn,
) -> None:
    capability.indicators.all().delete()
    Capability.objects.filter(pk=capability.pk).update(description="轧辊激光熔覆耐磨涂层。硬度达到 62 HRC。")
    match(need=need)
    proposal = Proposal.objects.get()
    verdict = next(each for each in proposal.indicator_verdicts if each["name"] == "硬度")
    assert (verdict["status"], verdict["offered"], verdict["was_read"]) == ("met", "≥ 62 HRC", True)
    assert "介绍里写的是 ≥ 62 HRC，满足" in proposal.reasons[0]["text"]
    page = text_of(client_of(sme_owner), list_url(need))
    assert "资源 ≥ 62 HRC" in page
    assert "（按介绍所写）" in page


def test_a_figure_of_the_form_is_shown_without_a_remark(
    *, proposal: Proposal, sme_owner: User, client_of: SignIn
) -> None:
    assert "按介绍所写" not in text_of(client_of(sme_owner), list_url(proposal.need))
