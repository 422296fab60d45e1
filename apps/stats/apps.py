from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatsConfig(AppConfig):
    name = "apps.stats"
    verbose_name = _("统计")

    def ready(self) -> None:
        from apps.stats import receivers  # noqa: F401  (importing connects the signals)
        from apps.stats.exporting import offers, own, work  # noqa: F401  (importing registers the lists)
        from apps.stats.open_data import rules  # noqa: F401  (importing registers the switch and the threshold)
        from apps.stats.report import notices  # noqa: F401  (importing registers the kinds of message)
