"""What a worker process does beside its tasks: it has the requests reconciled every half minute."""

from typing import Any

from celery import bootsteps
from django.conf import settings
from kombu.exceptions import OperationalError

from apps.matching.tasks import logger, reconcile


class Reconciler(bootsteps.StartStopStep):
    """Every worker sends the task; doubles are harmless, so no host is special."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, parent: Any, **kwargs: Any) -> None:
        super().__init__(parent, **kwargs)
        self.entry: Any = None

    def start(self, parent: Any) -> None:
        parent.timer.call_after(1, self.send)  # what waited while no worker ran need not wait longer
        self.entry = parent.timer.call_repeatedly(settings.MATCHING_RECONCILE_SECONDS, self.send)

    def stop(self, parent: Any) -> None:
        if self.entry is not None:
            self.entry.cancel()

    def send(self) -> None:
        try:
            reconcile.apply_async(queue="interactive")
        except OperationalError as error:
            logger.warning("The broker does not answer (%s); the next tick tries again.", error)
