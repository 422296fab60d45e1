from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "apps.imports"
    verbose_name = _("批量导入")

    def ready(self) -> None:
        from apps.imports import retention, switches  # noqa: F401  (importing registers what the city sets for imports)
