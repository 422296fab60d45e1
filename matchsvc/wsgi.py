"""WSGI entry point of the web servers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matchsvc.settings")
application = get_wsgi_application()

from apps.matching.preloading import preload_web  # noqa: E402  (models are not loaded before)

preload_web()
