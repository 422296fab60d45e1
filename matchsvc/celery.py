"""Celery application of the workers. Tasks live in each app's tasks.py."""

import os
from typing import Any

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matchsvc.settings")
# Processes are what runs side by side here: threads of several, in products that take a millisecond, only wait for each
# other. Read once, when NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
app = Celery("matchsvc")
app.set_default()  # threads of a web server find it too
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def add_worker_steps(sender: Celery, **_: Any) -> None:
    """The clockwork runs inside every worker; imported late, when the apps are loaded."""
    from apps.matching.worker import Clockwork  # noqa: PLC0415  (models are not loaded before)

    sender.steps["consumer"].add(Clockwork)
