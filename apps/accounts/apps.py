from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    verbose_name = _("用户与机构")

    def ready(self) -> None:
        from apps.accounts import switches  # noqa: F401  (importing registers them)
