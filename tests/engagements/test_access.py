"""Who counts as a need's partner: its attachments for partners open with the engagement, not before."""

import pytest

from apps.accounts.models import Organisation, User
from apps.matching.services import proposal_accept
from apps.needs.access import is_partner
from tests.factories import make_capability, make_need, make_proposal

pytestmark = pytest.mark.django_db


def test_a_supplier_is_a_partner_once_both_sides_accepted(
    enterprise: Organisation, university: Organisation, sme_owner: User, professor: User, stranger: User
) -> None:
    need = make_need(organisation=enterprise)
    proposal = make_proposal(need=need, capability=make_capability(organisation=university))
    proposal_accept(proposal=proposal, by=professor)
    assert not is_partner(professor, need)
    proposal_accept(proposal=proposal, by=sme_owner)
    assert is_partner(professor, need)
    assert not is_partner(stranger, need)
