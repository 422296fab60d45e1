"""What a screen reader is told: a name for every control, and headings in their order."""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.test import Client

from apps.accounts.models import User

pytestmark = pytest.mark.django_db
PAGES = [
    (None, "/accounts/sign-up/"),
    (None, "/accounts/sign-in/"),
    (None, "/needs/"),
    (None, "/capabilities/"),
    ("sme_owner", "/"),
    ("sme_owner", "/needs/new/"),
    ("sme_owner", "/accounts/organisation/"),
    ("sme_owner", "/accounts/profile/"),
    ("sme_owner", "/notifications/"),
    ("sme_owner", "/notifications/settings/"),
    ("professor", "/capabilities/new/?kind=result"),
    ("professor", "/fitting/"),
    ("professor", "/engagements/?view=board"),
    ("broker", "/desk/"),
]


class Outline(HTMLParser):
    """The controls of a page that have no name, and its headings; templates for scripts are left out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.controls: list[dict[str, str | None]] = []
        self.named: set[str] = set()
        self.headings: list[int] = []
        self.open_labels = self.open_templates = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.open_templates += tag == "template"
        if self.open_templates:
            return
        if tag == "label":
            self.open_labels += 1
            self.named.add(given.get("for") or "")
        if tag in {"input", "select", "textarea"} and given.get("type") != "hidden" and not self.open_labels:
            self.controls.append(given)
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        self.open_templates -= tag == "template"
        self.open_labels -= tag == "label" and not self.open_templates

    def nameless(self) -> list[dict[str, str | None]]:
        return [
            control
            for control in self.controls
            if control.get("id") not in self.named and not control.keys() & {"aria-label", "aria-labelledby"}
        ]


@pytest.fixture(params=PAGES, ids=lambda page: page[1])
def outline(request: pytest.FixtureRequest, client_of: Callable[[User], Client]) -> Outline:
    who, address = request.param
    answer = (client_of(request.getfixturevalue(who)) if who else Client()).get(address)
    assert answer.status_code == 200
    return Outline(answer.content.decode())


def test_every_control_has_a_name(outline: Outline) -> None:
    assert outline.nameless() == []


def test_headings_begin_with_the_title_and_skip_no_level(outline: Outline) -> None:
    assert outline.headings.count(1) == 1
    before = [0, *outline.headings]
    assert [step for step in zip(before, outline.headings, strict=False) if step[1] > step[0] + 1] == []
