"""Amounts in templates: `{{ amount|yuan }}`, `{{ amount|wan }}`, `{{ amount|from_wan }}` (`apps.core.money`)."""

from django import template

from apps.core.money import from_wan, wan, yuan

register = template.Library()
for words in (yuan, wan, from_wan):
    register.filter(words.__name__, words)
