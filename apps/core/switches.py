"""Feature switches: parts of the platform that a city turns on and off while it runs, each a city setting.

An app registers its switch in its `AppConfig.ready()`. Its addresses below `Switch.pages` are closed by
`SwitchMiddleware`, those of the API too; elsewhere it asks `is_on`, `require_on`, `switched` or, in a template,
`{% switch "bids" as bids_are_on %}`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from apps.core.city_settings import Setting, register_setting
from apps.core.models import CitySetting
from apps.core.remembered import Remembered

PREFIX = "switch."


class SwitchedOff(Http404):
    """The part of the platform is turned off; the message is a sentence for the person who came for it."""


@dataclass(frozen=True, slots=True)
class Switch:
    """`closed` is what people read where the part is turned off.

    `pages` are beginnings of names of addresses that are closed with it: "searches:", "api:search-".
    """

    name: str
    label: Any
    help_text: Any
    closed: Any
    default: bool = True
    pages: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return PREFIX + self.name


_switches: dict[str, Switch] = {}


def register_switch(switch: Switch) -> None:
    """At start-up. ValueError where the name is another switch's."""
    if _switches.setdefault(switch.name, switch) != switch:
        raise ValueError(f"The switch {switch.name} is registered twice.")
    if _switches[switch.name] is switch:
        register_setting(Setting(switch.key, _("功能开关"), switch.label, switch.help_text, switch.default, yes_or_no))


def yes_or_no() -> forms.Field:
    return forms.BooleanField(required=False)


def registered_switches() -> list[Switch]:
    return sorted(_switches.values(), key=lambda switch: switch.name)


def _load() -> dict[str, Any]:
    return dict(CitySetting.objects.filter(key__startswith=PREFIX).values_list("key", "value"))


_changed: Remembered[dict[str, Any]] = Remembered(_load, nothing={})


@receiver([post_save, post_delete], sender=CitySetting)
def forget(**_: Any) -> None:
    """At once for this transaction, and again when others can see the change."""
    _changed.forget()
    transaction.on_commit(_changed.forget)


def is_on(name: str) -> bool:
    """Whether the part is turned on, as of some seconds ago. KeyError for a name that nobody registered."""
    switch = _switches[name]
    return bool(_changed.value().get(switch.key, switch.default))


def require_on(name: str) -> None:
    """SwitchedOff unless the part is turned on: a page that is not found, with the reason."""
    if not is_on(name):
        raise SwitchedOff(str(_switches[name].closed))


def closed_at(view_name: str) -> Switch | None:
    """The part that the address belongs to, where it is turned off."""
    found = (switch for switch in _switches.values() if switch.pages and view_name.startswith(switch.pages))
    return next((switch for switch in found if not is_on(switch.name)), None)


def switched[**P, R](name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a view that belongs to a part."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            require_on(name)
            return view(*args, **kwargs)

        return guarded

    return decorate
