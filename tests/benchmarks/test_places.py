"""Every list and dashboard has a place among those whose time and queries are measured."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import get_resolver

from benchmarks.city.places import PLACES

NO_LISTS = {
    *("readyz", "core:healthz", "core:favicon", "core:styleguide", "set_language", "api:schema", "api:docs"),
    *("accounts:sign_in", "accounts:sign_out", "accounts:sign_up", "accounts:email_resend", "accounts:profile"),
    *("accounts:token_create", "accounts:token_revoke", "accounts:deactivate", "accounts:password_change"),
    *("accounts:password_reset", "accounts:password_reset_done", "accounts:organisation_identity"),
    *("accounts:member_invite", "accounts:register", "accounts:join", "accounts:centre", "api:token"),
    *("notifications:bell", "notifications:read_all", "notifications:robot_save", "notifications:robot_test"),
    *("notifications:robot_remove", "searches:save", "searches:frequency", "desk:call_new", "desk:pair_new"),
    *(f"{app}:{page}" for app in ("needs", "capabilities") for page in ("create", "autosave", "suggest", "tags")),
    *("stats:report_build", "stats:report_subscribe", "office:person_invite", "office:announcement_new"),
    *("my_data_export", "erasure_ask", "erasure_take_back"),
    *("api:organisation-own", "api:centre-own", "api:story-own", "api:notification-preferences"),
    *("api:notification-read-all", "api:recommendation-list", "api:review-expert-prove-list"),
}
"""Forms, actions, files, single rows and fragments."""


def _fixed_pages(patterns: Sequence[Any], before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """(name, address) of what takes no argument, but for the data administration."""
    for each in patterns:
        path = before + str(each.pattern).strip("^$")
        if "<" in path or path.startswith("admin/"):
            continue
        if hasattr(each, "url_patterns"):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from _fixed_pages(each.url_patterns, path, inner)
        else:
            yield f"{space}{each.name}", f"/{re.sub(r'[$]$', '', path)}"


def test_every_list_is_measured() -> None:
    measured = {place.url.partition("?")[0] for place in PLACES}
    pages = dict(_fixed_pages(get_resolver().url_patterns))
    assert {name for name, url in pages.items() if url not in measured} - NO_LISTS == set()


def test_what_is_no_list_is_there() -> None:
    assert {name for name, _url in _fixed_pages(get_resolver().url_patterns)} >= NO_LISTS
