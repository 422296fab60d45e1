from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "apps.notifications"
    verbose_name = _("通知")

    def ready(self) -> None:
        from apps.notifications import receivers, switches  # noqa: F401  (importing connects signals, registers switches)

        autodiscover_modules("notices")  # each app's kinds of message
