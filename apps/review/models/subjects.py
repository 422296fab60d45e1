"""What is reviewed: an organisation, a need or a capability; and rows that belong to exactly one of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.capabilities.models import Capability
from apps.followups.models import Story
from apps.needs.models import Need

Row = Organisation | Need | Capability


ROWS = ("organisation", "need", "capability")


class Kind(models.TextChoices):
    ORGANISATION = "organisation", _("机构")
    NEED = "need", _("需求")
    CAPABILITY = "capability", _("资源")


KINDS: dict[Kind, type[Row]] = {Kind.ORGANISATION: Organisation, Kind.NEED: Need, Kind.CAPABILITY: Capability}


def kind_of(row: Row) -> Kind:
    return next(kind for kind, model in KINDS.items() if isinstance(row, model))


def organisation_of_row(row: Row) -> Organisation:
    """Whose it is: of an organisation, itself."""
    return row if isinstance(row, Organisation) else row.organisation


def version_of(row: Row | Story) -> int:
    """Raised by every change of what it says."""
    return row.revision if isinstance(row, Organisation) else row.version


def exactly_one(*names: str) -> Q:
    """A condition: one of the columns is filled, the others are empty."""
    found = Q()
    for chosen in names:
        found |= Q(**{f"{name}__isnull": name != chosen for name in names})
    return found


class OfOneRow(models.Model):
    """Belongs to one organisation, need or capability, and goes with it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="+")
    need = models.ForeignKey(Need, on_delete=models.CASCADE, null=True, related_name="+")
    capability = models.ForeignKey(Capability, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def row(self) -> Row:
        found = self.organisation or self.need or self.capability
        assert found is not None  # noqa: S101  (held by the constraint, told to the type checker)
        return found
