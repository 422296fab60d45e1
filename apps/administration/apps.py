from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdministrationConfig(AppConfig):
    name = "apps.administration"
    verbose_name = _("平台管理")

    def ready(self) -> None:
        from apps.administration import exports, switches  # noqa: F401  (importing registers them)
        from apps.administration.retention import register_rules

        register_rules()
