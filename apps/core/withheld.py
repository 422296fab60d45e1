"""What the city keeps from the public for a while, though its own state would show it: told by an app above."""

from collections.abc import Callable

from django.db.models import Model, Q

Rule = Callable[[type[Model]], Q]
_rules: list[Rule] = []


def register_withheld(rule: Rule) -> None:
    """At start-up. A rule answers with the rows of a model that are kept back."""
    if rule not in _rules:
        _rules.append(rule)


def shown_of(model: type[Model]) -> Q:
    """The rows of a model that nobody keeps back: a condition for its own query, which costs no further one."""
    shown = Q()
    for rule in _rules:
        shown &= ~rule(model)
    return shown
