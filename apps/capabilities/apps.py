from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CapabilitiesConfig(AppConfig):
    name = "apps.capabilities"
    verbose_name = _("创新资源")

    def ready(self) -> None:
        from apps.capabilities import receivers  # noqa: F401  (importing connects the signals)
