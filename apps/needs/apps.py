from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NeedsConfig(AppConfig):
    name = "apps.needs"
    verbose_name = _("技术需求")

    def ready(self) -> None:
        from apps.needs import receivers  # noqa: F401  (importing connects the signals)
