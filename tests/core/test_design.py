"""The design language: what every template keeps to, what the components promise, and readable colours."""

import re
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

from apps.accounts.models import OrganisationState
from apps.capabilities.models import CapabilityState
from apps.core.forms import DayInput, StyledFormMixin
from apps.core.templatetags.design import TONE_OF_STATE, points, tone
from apps.engagements.models import EngagementState, OutcomeState
from apps.matching.models import ProposalState
from apps.needs.models import NeedState

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "apps/core/static"
# Of pages; letters stand under no Content-Security-Policy, and mail programs know nothing but inline styles.
TEMPLATES = sorted(path for path in ROOT.glob("apps/*/templates/**/*.html") if path.parent.name != "mail")
# What the policy would block: inline styles, handlers and scripts.
INLINE = re.compile(r"\sstyle=|\son[a-z]+=|hx-on|<style|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_inline_style_or_script(template: Path) -> None:
    html = re.sub(r"{%.*?%}", "", template.read_text())
    assert not INLINE.search(html)


def test_every_icon_in_use_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'id="([^"]+)"', (STATIC / "vendor/icons.svg").read_text()))
    used = {name for path in TEMPLATES for name in re.findall(r'{% icon "([^"]+)"', path.read_text())}
    assert used
    assert used <= sprite


def test_every_vendored_file_is_declared() -> None:
    declared = (STATIC / "vendor/VENDORED.md").read_text()
    for path in (STATIC / "vendor").iterdir():
        assert path.name == "VENDORED.md" or f"`{path.name}`" in declared


def test_vendored_files_name_no_source_maps() -> None:
    for name in ("bootstrap.min.css", "bootstrap.bundle.min.js", "htmx.min.js"):
        assert "sourceMappingURL" not in (STATIC / "vendor" / name).read_text()


# ---- Colours ------------------------------------------------------------------------------------------------------
TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", (STATIC / "core/tokens.css").read_text()))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *[(name, f"{name}-ground") for name in ("good", "moving", "waiting", "bad", "still")],
        *[(ink, ground) for ink in ("ink-900", "ink-700", "ink-500") for ground in ("surface", "canvas")],
        ("ink-900", "mark-ground"),
        ("sea-600", "surface"),
        ("sea-600", "canvas"),
        ("surface", "sea-600"),
        ("sea-800", "sea-100"),
        ("copper-600", "copper-100"),
        ("copper-600", "surface"),
    ],
)
def test_text_is_readable_on_its_ground(text: str, ground: str) -> None:
    light, dark = sorted((luminance(TOKENS[text]), luminance(TOKENS[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


# ---- Components ---------------------------------------------------------------------------------------------------
STILL = {"draft", "closed", "archived"}


@pytest.mark.parametrize(
    "states", [NeedState, CapabilityState, ProposalState, EngagementState, OutcomeState, OrganisationState]
)
def test_every_state_has_a_tone_that_was_chosen(states: type[NeedState]) -> None:
    assert {state.value for state in states} - STILL <= set(TONE_OF_STATE)


def test_a_badge_tells_its_tone_without_colour() -> None:
    good = render_to_string("components/badge.html", {"state": "confirmed", "label": "已确认"})
    bad = render_to_string("components/badge.html", {"state": "rejected", "label": "已驳回"})
    assert re.findall("#([a-z-]+)", good) != re.findall("#([a-z-]+)", bad)
    assert tone("something new") == "still"


@pytest.mark.parametrize(("score", "shown"), [(62.5, 62), (99.6, 100), (0, 0), (None, 0), (140, 100), (-3, 0)])
def test_a_score_is_whole_points_of_a_hundred(score: float | None, shown: int) -> None:
    assert points(score) == shown
    assert f"{shown} 分" in render_to_string("components/score.html", {"score": score})


def test_chips_beyond_the_limit_are_counted() -> None:
    page = render_to_string("components/chips.html", {"terms": ["一", "二", "三", "四", "五"], "limit": 3})
    assert page.count('class="chip"') == 3
    assert "另 2 项" in page


def test_turning_pages_keeps_the_filters(rf: RequestFactory) -> None:
    request = rf.get("/needs/", {"chain": "materials", "page": "2"})
    page = Paginator(range(100), 20).page(2)
    html = render_to_string("components/pagination.html", {"page": page}, request=request)
    assert "?chain=materials&amp;page=3" in html
    assert 'aria-current="page">2<' in html


def test_one_page_has_no_pagination(rf: RequestFactory) -> None:
    context = {"page": Paginator(range(3), 20).page(1)}
    assert render_to_string("components/pagination.html", context, request=rf.get("/")).strip() == ""


def test_a_confirm_button_works_without_scripts() -> None:
    html = render_to_string("components/confirm_button.html", {"url": "/x/", "label": "关闭", "title": "关闭吗？"})
    before_the_dialog = html.split("<dialog")[0]
    assert '<form method="post" action="/x/"' in before_the_dialog
    assert '<button type="submit"' in before_the_dialog


@pytest.mark.parametrize(("percent", "attribute"), [(64, 'value="64"'), (0, 'value="0"'), (None, "")])
def test_progress_is_known_or_open(percent: int | None, attribute: str) -> None:
    html = render_to_string("components/progress.html", {"label": "匹配中", "percent": percent})
    assert attribute in html
    assert ("value=" in html) == (percent is not None)


# ---- Fields -------------------------------------------------------------------------------------------------------
class Everything(StyledFormMixin, forms.Form):
    name = forms.CharField(label="名称", max_length=10, help_text="说明")
    text = forms.CharField(label="正文", max_length=100, widget=forms.Textarea, required=False)
    one = forms.ChoiceField(label="单选", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)
    several = forms.MultipleChoiceField(label="多选", choices=[("a", "甲")], widget=forms.CheckboxSelectMultiple)
    chosen = forms.ChoiceField(label="下拉", choices=[("a", "甲")])
    flag = forms.BooleanField(label="同意", required=False)
    day = forms.DateField(label="日期", widget=DayInput, initial="2027-03-31")
    file = forms.FileField(label="附件", required=False)


def shown(name: str, form: forms.Form) -> str:
    return render_to_string("components/field.html", {"field": form[name]})


@pytest.mark.parametrize("name", list(Everything.base_fields))
def test_every_kind_of_field_has_a_label_and_its_look(name: str) -> None:
    form = Everything()
    html = shown(name, form)
    assert str(form[name].label) in html
    assert re.search(r'class="form-(control|select|check-input)"', html)


def test_an_error_stands_beside_the_field_and_is_tied_to_it() -> None:
    html = shown("name", Everything({"name": ""}))
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html


def test_an_error_of_a_group_is_tied_to_the_group() -> None:
    html = shown("several", Everything({}))
    assert re.search(r'<fieldset[^>]*aria-describedby="id_several_error"', html)


def test_required_fields_wear_a_star_that_is_read_out() -> None:
    assert "★" in shown("name", Everything())
    assert "必填" in shown("name", Everything())
    assert "★" not in shown("text", Everything())


def test_what_was_typed_is_shown_again_and_escaped() -> None:
    assert "&lt;b&gt;" in shown("text", Everything({"text": "<b>"}))


def test_a_long_text_shows_how_much_is_used_and_a_day_has_a_calendar() -> None:
    assert 'data-limit="100"' in shown("text", Everything())
    assert 'type="date" name="day" value="2027-03-31"' in shown("day", Everything())
