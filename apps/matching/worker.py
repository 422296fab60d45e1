"""What a worker process does beside its tasks: it keeps the platform's clockwork going."""

import logging
from typing import Any

from celery import bootsteps, current_app
from celery.signals import worker_init
from django.conf import settings
from kombu.exceptions import OperationalError

from apps.matching.encoders import encoder_problem
from apps.matching.preloading import preload

logger = logging.getLogger(__name__)
# Task → seconds between two runs. Each may run twice or late, so every worker sends them and no host is special.
CLOCKWORK = {
    "matching.reconcile": settings.MATCHING_RECONCILE_SECONDS,
    "matching.compare": 300,
    "matching.encode": 60,
    "matching.index_due": 30,
    "matching.replies": 300,
    "needs.expire": 3600,
    "needs.remind": 3600,
    "needs.analyse": 60,
    "capabilities.go_stale": 3600,
    "capabilities.remind": 3600,
    "imports.reconcile": 30,
    "engagements.sweep": 300,
    "followups.ask": 3600,
    "followups.remind": 3600,
    "searches.look": 300,
    "notifications.reconcile": settings.NOTIFICATIONS_RECONCILE_SECONDS,
    "notifications.prune": 86_400,
    "stats.refresh": 30,
    "stats.reports": 60,
    "administration.retain": 3600,
    "administration.settle_terms": 300,
}


@worker_init.connect
def read_what_is_shared(**_: Any) -> None:
    """Before the worker has any processes."""
    preload()


class Clockwork(bootsteps.StartStopStep):
    """Sends the tasks of CLOCKWORK from the worker's own timer: at its start, then at each interval.

    A step of the consumer, which starts anew whenever the broker comes back: a lost connection clears the timer, and
    the clockwork of a step of the worker itself would stand still for ever after.
    """

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, parent: Any, **kwargs: Any) -> None:
        super().__init__(parent, **kwargs)
        self.entries: list[Any] = []

    def start(self, parent: Any) -> None:
        self.stop(parent)
        if problem := encoder_problem():
            logger.warning("Matching does without the meaning of texts. %s", problem)
        for task, seconds in CLOCKWORK.items():
            parent.timer.call_after(1, self.send, (task,))  # what waited while no worker ran need not wait longer
            self.entries.append(parent.timer.call_repeatedly(seconds, self.send, (task,)))

    def stop(self, parent: Any) -> None:
        for entry in self.entries:
            entry.cancel()
        self.entries.clear()

    def send(self, task: str) -> None:
        try:
            current_app.send_task(task, queue="interactive", expires=CLOCKWORK[task])
        except OperationalError as error:
            logger.warning("The broker does not answer (%s); the next tick tries again.", error)
