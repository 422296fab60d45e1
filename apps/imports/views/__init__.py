"""Pages of imports: bringing a file in step by step, and what became of it."""

from apps.imports.views.actions import cancel, run, undo
from apps.imports.views.bringing import choose, columns, template, upload
from apps.imports.views.watching import detail, errors, overview, progress

__all__ = [
    "cancel",
    "choose",
    "columns",
    "detail",
    "errors",
    "overview",
    "progress",
    "run",
    "template",
    "undo",
    "upload",
]
