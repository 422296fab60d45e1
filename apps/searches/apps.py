from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class SearchesConfig(AppConfig):
    name = "apps.searches"
    verbose_name = _("订阅的查询")

    def ready(self) -> None:
        from apps.searches import switches  # noqa: F401  (importing registers it)

        autodiscover_modules("saved_lists")  # each app's lists whose filters can be kept
