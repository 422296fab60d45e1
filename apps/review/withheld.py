"""What is kept back now: the rule that lists and the matcher ask."""

from django.db.models import Model, Q

from apps.accounts.models import Organisation
from apps.capabilities.models import Capability
from apps.core.withheld import register_withheld
from apps.needs.models import Need
from apps.review.models import Row, Withholding
from apps.review.models.subjects import kind_of


def open_withholding(row: Row) -> Withholding | None:
    return Withholding.objects.filter(**{str(kind_of(row)): row}, lifted_at=None).first()


def kept_back(model: type[Model]) -> Q:
    """By itself, or with its organisation."""
    names = {Organisation: "organisation", Need: "need", Capability: "capability"}
    if model not in names:
        return Q(pk__in=[])
    now = Withholding.objects.filter(lifted_at=None)
    own = Q(pk__in=now.filter(**{f"{names[model]}__isnull": False}).values(names[model]))
    if model is Organisation:
        return own
    return own | Q(organisation__in=now.filter(organisation__isnull=False).values("organisation"))


register_withheld(kept_back)
