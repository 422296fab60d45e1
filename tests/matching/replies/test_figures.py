"""How an organisation answers, and who may read it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.core import clock
from apps.matching.models import Ask, AskAnswer, Proposal, Side
from apps.matching.presentation import views_of
from apps.matching.replies.figures import answer_figures, answer_figures_of
from apps.matching.selectors import proposals_of_capability, proposals_of_need
from apps.needs.models import Need
from tests.factories import make_capability, make_need, make_proposal
from tests.matching.pages import SignIn, text_of


def ended(
    organisation: Organisation, hours: float, answer: AskAnswer = AskAnswer.ACCEPTED, *, days_ago: int = 30
) -> Ask:
    """One ask of the supply side that ended so."""
    pair = make_proposal(need=make_need(), capability=make_capability(organisation=organisation))
    asked_at = clock.now() - timedelta(days=days_ago)
    return Ask.objects.create(
        proposal=pair,
        side=Side.CAPABILITY,
        organisation=organisation,
        asked_at=asked_at,
        due_at=asked_at + timedelta(days=5),
        answered_at=asked_at + timedelta(hours=hours),
        answer=answer,
    )


@pytest.mark.usefixtures("taxonomy")
class TestFigures:
    def test_the_rate_counts_answers_and_what_ran_out(self, university: Organisation) -> None:
        for hours, answer in ((2, "accepted"), (6, "declined"), (10, "accepted"), (90, "timed_out")):
            ended(university, hours, AskAnswer(answer))
        ended(university, 1, AskAnswer.TAKEN_BACK)
        ended(university, 1, AskAnswer.DROPPED)
        figures = answer_figures_of(university)
        assert (figures.asked, figures.answered, figures.percent, figures.median_hours) == (4, 3, 75, 6.0)
        assert figures.text == "答复率 75%，通常 6 小时内答复"

    def test_the_median_of_an_even_number_lies_between_the_two_in_the_middle(self, university: Organisation) -> None:
        for hours in (1, 4, 10, 100):
            ended(university, hours)
        assert answer_figures_of(university).median == timedelta(hours=7)

    def test_of_fewer_than_three_nothing_is_told(self, university: Organisation) -> None:
        for _number in range(2):
            ended(university, 1)
        figures = answer_figures_of(university)
        assert (figures.percent, figures.median_hours, figures.text) == (None, None, "答复不足 3 次，暂不显示")

    def test_what_is_older_than_a_year_is_forgotten(self, university: Organisation) -> None:
        for _number in range(3):
            ended(university, 1, days_ago=400)
        assert answer_figures_of(university).asked == 0

    def test_nobody_answered_has_a_rate_and_no_median(self, university: Organisation) -> None:
        for _number in range(3):
            ended(university, 120, AskAnswer.TIMED_OUT)
        assert answer_figures_of(university).text == "答复率 0%"

    def test_figures_of_several_are_read_in_one_query(
        self, university: Organisation, enterprise: Organisation, django_assert_num_queries: object
    ) -> None:
        ended(university, 1)
        ended(enterprise, 2)
        with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's context manager
            found = answer_figures([university.pk, enterprise.pk])
        assert {pk: figures.asked for pk, figures in found.items()} == {university.pk: 1, enterprise.pk: 1}

    def test_what_an_anonymous_need_was_asked_moves_no_rate(
        self, enterprise: Organisation, capability: Capability
    ) -> None:
        """A supplier whose ask ran out could else look whose rate fell."""
        for _number in range(3):
            ask = ended(enterprise, 1)
            need = make_need(organisation=enterprise, disclosure=Disclosure.PUBLIC_ANONYMOUS)
            pair = make_proposal(need=need, capability=capability)
            Ask.objects.filter(pk=ask.pk).update(side=Side.NEED, proposal=pair)
        assert answer_figures_of(enterprise).asked == 0
        Need.objects.filter(organisation=enterprise).update(disclosure=Disclosure.PUBLIC_NAMED)
        assert answer_figures_of(enterprise).asked == 3


def test_the_figures_stand_on_the_public_page(
    taxonomy: None, university: Organisation, stranger: User, client_of: SignIn
) -> None:
    url = reverse("accounts:organisation_public", args=[university.public_id])
    assert "答复不足 3 次，暂不显示" in text_of(client_of(stranger), url)
    for _number in range(3):
        ended(university, 5)
    assert "答复率 100%，通常 5 小时内答复" in text_of(client_of(stranger), url)


def test_a_card_shows_them_of_a_named_owner_only(
    proposal: Proposal, university: Organisation, enterprise: Organisation, sme_owner: User, professor: User
) -> None:
    for _number in range(3):
        ended(university, 5)
        Ask.objects.filter(pk=ended(university, 5).pk).update(organisation=enterprise)

    def seen(user: User, rows: object) -> object:
        (view,) = views_of(rows, user)  # type: ignore[arg-type]  # rows of proposals
        return view.answer_figures

    assert seen(sme_owner, proposals_of_need(proposal.need, sme_owner)) is not None
    assert seen(professor, proposals_of_capability(proposal.capability, professor)) is None
    Capability.objects.filter(pk=proposal.capability_id).update(disclosure=Disclosure.PUBLIC_ANONYMOUS)
    assert seen(sme_owner, proposals_of_need(proposal.need, sme_owner)) is None
