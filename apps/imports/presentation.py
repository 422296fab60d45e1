"""An import as people see it: how far it is, what it came to, and what may be done with it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.accounts.selectors import Viewer
from apps.imports.lifecycle import IMPORT_LIFECYCLE
from apps.imports.models import Import, ImportState
from apps.imports.permissions import can_work_on

_BADGES = {
    ImportState.UPLOADED: "warning",
    ImportState.CHECKING: "running",
    ImportState.CHECKED: "warning",
    ImportState.UNDOING: "running",
}
_WORK = {
    ImportState.CHECKING: _("正在逐行检查"),
    ImportState.RUNNING: _("正在导入"),
    ImportState.UNDOING: _("正在撤销"),
}
STEPS = (_("上传文件"), _("对应列"), _("检查"), _("导入"))
_STEP_OF = {ImportState.UPLOADED: 2, ImportState.CHECKING: 3, ImportState.CHECKED: 3}


@dataclass(frozen=True, slots=True)
class Step:
    number: int
    label: str
    is_current: bool
    is_done: bool


@dataclass(frozen=True, slots=True)
class ImportView:
    """`percent` is None while the length of the work is unknown; `actions` are what the viewer may do now."""

    job: Import
    badge: str
    work: str
    percent: int | None
    actions: frozenset[str]

    @property
    def steps(self) -> list[Step]:
        return steps(_STEP_OF.get(ImportState(self.job.state), 4), has_ended=self.job.state == ImportState.DONE)


def steps(current: int, *, has_ended: bool = False) -> list[Step]:
    """The way of a file, with where it is."""
    return [
        Step(number, str(label), number == current, number < current or has_ended)
        for number, label in enumerate(STEPS, start=1)
    ]


def import_view(job: Import, viewer: Viewer) -> ImportView:
    return ImportView(
        job=job,
        badge=_BADGES.get(ImportState(job.state), job.state),
        work=str(_WORK.get(ImportState(job.state), "")),
        percent=percent_of(job),
        actions=_actions(job) if can_work_on(viewer, job) else frozenset(),
    )


def percent_of(job: Import) -> int | None:
    """100 only at the end."""
    return min(99, 100 * job.done // job.total) if job.total else None


def _actions(job: Import) -> frozenset[str]:
    allows = IMPORT_LIFECYCLE.allows
    has_objects = job.started_at is not None and job.imported_count > 0  # before, the counts are of what would come in
    found = {
        "map": allows(job.state, ImportState.CHECKING) and bool(job.file) and not has_objects,
        "run": job.state == ImportState.CHECKED and job.bad_count < job.total,
        "cancel": allows(job.state, ImportState.CANCELLED),
        "undo": allows(job.state, ImportState.UNDOING) and has_objects and job.state != ImportState.RUNNING,
    }
    return frozenset(name for name, is_possible in found.items() if is_possible)
