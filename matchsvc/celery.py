"""Celery application of the workers. Tasks live in each app's tasks.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matchsvc.settings")
app = Celery("matchsvc")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
