"""What is kept back now: the rule that lists and the matcher ask."""

from django.db.models import Model, Q

from apps.accounts.models import CloudCentre, Organisation
from apps.capabilities.models import Capability
from apps.core.withheld import register_withheld
from apps.followups.models import Story
from apps.needs.models import Need
from apps.review.models import Row, Withholding
from apps.review.models.subjects import kind_of

_OWN: dict[type[Model], str] = {Organisation: "organisation", Need: "need", Capability: "capability"}
_PAIR = "outcome__engagement__proposal__"
_OF_ORGANISATIONS: dict[type[Model], tuple[str, ...]] = {
    Need: ("organisation",),
    Capability: ("organisation",),
    CloudCentre: ("organisation",),
    Story: (f"{_PAIR}need__organisation", f"{_PAIR}capability__organisation"),
}


def open_withholding(row: Row) -> Withholding | None:
    return Withholding.objects.filter(**{str(kind_of(row)): row}, lifted_at=None).first()


def kept_back(model: type[Model]) -> Q:
    """By itself, or with an organisation that it is of; a story is of both sides, named in it or not."""
    now = Withholding.objects.filter(lifted_at=None)
    rows = Q(pk__in=[])
    if own := _OWN.get(model):
        rows |= Q(pk__in=now.filter(**{f"{own}__isnull": False}).values(own))
    organisations = now.filter(organisation__isnull=False).values("organisation")
    for column in _OF_ORGANISATIONS.get(model, ()):
        rows |= Q(**{f"{column}__in": organisations})
    return rows


register_withheld(kept_back)
