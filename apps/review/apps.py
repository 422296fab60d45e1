from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewConfig(AppConfig):
    name = "apps.review"
    verbose_name = _("审核")

    def ready(self) -> None:
        # Importing registers rules, words of messages, and what is done when rows change.
        from apps.review import exports, notices, receivers, rules, service_times  # noqa: F401  (for what it registers)
