"""Which generation is in use, whether another is due, and how it stands with the index."""

from datetime import timedelta

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.capabilities.models import Capability
from apps.engine.matcher import ENGINE_VERSION
from apps.matching.documents import engine_counter
from apps.matching.encoders import current_encoder
from apps.matching.index import changes
from apps.matching.made_once import compared
from apps.matching.models import GenerationState, IndexGeneration
from apps.needs.models import Need

FEW_ROWS = 200
"""So many rows may lie beside the files, or without any, before a build is worth its while."""
SHARE_OF_CHANGES = 0.05
OLDEST = timedelta(days=1)
PAUSE_AFTER_FAILURE = timedelta(minutes=5)
"""What failed once may fail every half minute; nobody needs that many lines in the log."""


class Due(models.TextChoices):
    """Why a build is due."""

    NONE = "none", _("还没有索引")
    DAMAGED = "damaged", _("索引文件已损坏")
    SOFTWARE = "software", _("引擎、词典或编码器已更换")
    CHANGES = "changes", _("变更较多")
    AGE = "age", _("有变更且已满一天")


def software() -> dict[str, str]:
    """What must be the same for two generations to be of the same kind, as columns of theirs."""
    encoder = current_encoder()
    return {
        "engine_version": ENGINE_VERSION,
        "method": engine_counter().method,
        "encoder": encoder.name if encoder else "",
    }


def published() -> QuerySet[IndexGeneration]:
    """The generations that are kept, the newest first."""
    return IndexGeneration.objects.filter(state=GenerationState.PUBLISHED).order_by("-number")


def is_being_built() -> bool:
    """Whether a builder holds its lease."""
    return IndexGeneration.objects.filter(state=GenerationState.BUILDING, lease_until__gt=Now()).exists()


def due_because() -> Due | None:
    """Why a build is due now; None where none is, or one failed a moment ago.

    While an upgrade rolls through the hosts, old and new software build one generation each, and neither undoes the
    other's: both are kept.
    """
    if _failed_lately():
        return None
    generation = published().filter(**software()).first()
    if _damaged_since(generation):
        return Due.DAMAGED
    if generation is not None:
        return _outgrown(generation)
    if published().exists():
        return Due.SOFTWARE
    return Due.NONE if sum(compared(model).count() for model in (Capability, Need)) > FEW_ROWS else None


def _outgrown(generation: IndexGeneration) -> Due | None:
    """Only settled changes count: those that a build could take in for good."""
    changed = changes.rows_changed(generation.changes_through, changes.floor())
    if changed > max(FEW_ROWS, SHARE_OF_CHANGES * generation.rows):
        return Due.CHANGES
    is_old = published().filter(pk=generation.pk, published_at__lt=Now() - OLDEST).exists()
    return Due.AGE if changed and is_old else None


def _damaged_since(generation: IndexGeneration | None) -> bool:
    damaged = IndexGeneration.objects.filter(state=GenerationState.DAMAGED)
    return damaged.filter(number__gt=generation.number if generation else 0).exists()


def _failed_lately() -> bool:
    last = IndexGeneration.objects.exclude(state=GenerationState.BUILDING).order_by("-number")[:1]
    lately = Q(state=GenerationState.FAILED, finished_at__gt=Now() - PAUSE_AFTER_FAILURE)
    return IndexGeneration.objects.filter(lately, pk__in=last.values("pk")).exists()


def condition() -> str:
    """ "ok", or in a few words what is amiss with the index. Cheap, and tells no secrets: for health checks."""
    generation = published().first()
    last = IndexGeneration.objects.exclude(state=GenerationState.BUILDING).order_by("-number").first()
    if generation is None and last is None:
        return "ok"  # so small that none is needed, or so new that the first is being built
    if last is not None and last.state in (GenerationState.FAILED, GenerationState.DAMAGED):
        in_use = f"generation {generation.number} is in use" if generation else "there is none to use"
        return f"generation {last.number} is {last.state}: {in_use}"
    if generation is not None and published().filter(published_at__lt=Now() - 2 * OLDEST, pk=generation.pk).exists():
        waiting = changes.rows_changed(generation.changes_through, changes.floor())
        return f"generation {generation.number} is older than two days, {waiting} rows changed" if waiting else "ok"
    return "ok"
