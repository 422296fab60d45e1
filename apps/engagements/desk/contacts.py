"""Whom a broker calls about a matter. Before both sides accepted this is more than the sides know of each other."""

from django.utils.translation import gettext as _

from apps.accounts.models import Organisation, User
from apps.core import audit
from apps.engagements.desk.permissions import can_work_on
from apps.engagements.models import Referral
from apps.matching.shown import Contact, contact_of
from apps.notifications.recipients import speakers


def contacts_for(referral: Referral, by: User) -> list[Contact]:
    """Of both sides, for whoever has the matter, and with a trace of who looked. NotAllowed for others."""
    can_work_on(by, referral).require()
    audit.record_view(referral, "contacts.seen", by=by, once_a_day=True)
    need, pair = referral.need, referral.proposal
    found = [contact_of(_("需求方"), need.organisation, _speaker(need.organisation, need.contact))]
    if pair is not None:
        supplier, named = pair.capability.organisation, pair.capability.contact
        found.append(contact_of(_("供给方"), supplier, _speaker(supplier, named)))
    return found


def _speaker(organisation: Organisation, named: User | None) -> User | None:
    return next(iter(speakers(organisation, named)), None)
