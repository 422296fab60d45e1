"""A choice among hundreds is written as Django writes it, in one go."""

import pytest
from django import forms
from pytest_django.asserts import assertHTMLEqual

from apps.core.forms import LongSelect

CHOICES = [("", "全部资源"), ("a1", "轧辊<b>修复</b>"), ("a2", 'O"形圈'), (3, "三")]


def written(widget: type[forms.Select], value: object) -> str:
    return widget(attrs={"id": "id_one", "class": "form-select"}, choices=CHOICES).render("one", value)


@pytest.mark.parametrize("value", [None, "", "a1", 3, "no such"])
def test_it_says_what_the_short_one_says(value: object) -> None:
    assertHTMLEqual(written(LongSelect, value), written(forms.Select, value))
