from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FollowupsConfig(AppConfig):
    name = "apps.followups"
    verbose_name = _("回访与案例")

    def ready(self) -> None:
        from apps.followups import history, notices, rules, switches  # noqa: F401  (importing registers what they hold)
