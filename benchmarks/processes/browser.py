"""What a browser does on the platform's pages, as far as a figure needs it: cookies, forms, htmx's loads and polls."""

import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any

TIMEOUT_SECONDS = 60
_EVERY = re.compile(r"^every (\d+(?:\.\d+)?)(ms|s)$")


class PageError(Exception):
    """An answer that a person would have been stopped by; the message names the page."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`url` is where the redirects ended."""

    status: int
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """An element that asks for a fragment: at once, or every `seconds`."""

    url: str
    trigger: str

    @property
    def seconds(self) -> float | None:
        found = _EVERY.match(self.trigger)
        return None if found is None else float(found[1]) / (1000 if found[2] == "ms" else 1)


class Browser:
    """One person at one site. Every method raises PageError for a status of 400 and more."""

    def __init__(self, site: str) -> None:
        self.site = site
        self._cookies = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))

    def sign_in(self, email: str, password: str) -> None:
        path = "/accounts/sign-in/"
        self.get(path)
        answer = self.post(path, {"username": email, "password": password})
        if urllib.parse.urlsplit(answer.url).path == path:
            raise PageError(f"{email} could not sign in.")

    def get(self, path: str, *, as_fragment: bool = False) -> Answer:
        return self._open(path, headers={"HX-Request": "true"} if as_fragment else {})

    def post(self, path: str, values: Mapping[str, str]) -> Answer:
        """A form, with the token that its page holds."""
        data = urllib.parse.urlencode({**values, "csrfmiddlewaretoken": self._token})
        return self._open(path, data.encode(), {"Content-Type": "application/x-www-form-urlencoded"})

    def post_json(self, path: str, values: Mapping[str, Any]) -> Any:
        """To the API, as the signed-in person."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self._token}
        return json.loads(self._open(path, json.dumps(values).encode(), headers).text)

    @property
    def _token(self) -> str:
        return next((cookie.value or "" for cookie in self._cookies if cookie.name == "csrftoken"), "")

    def _open(self, path: str, data: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        url = urllib.parse.urljoin(self.site, path)
        request = urllib.request.Request(url, data, {"Referer": self.site, **(headers or {})})  # noqa: S310  (our own)
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                return Answer(response.status, response.url, response.read().decode())
        except urllib.error.HTTPError as error:
            raise PageError(f"{path}: {error.code}. {error.read()[:500].decode(errors='replace')}") from error


def fetches(html: str) -> list[Fetch]:
    """The elements of a page that ask for fragments by themselves, in order."""
    reader = _Fetches()
    reader.feed(html)
    return reader.found


def watch(browser: Browser, html: str, is_there: Any, *, path: str, patience_seconds: float) -> float:
    """Follow the fragment at `path` of a page as htmx does until `is_there(text)`; the moment it was (perf_counter).

    A poll fires every so often since the last one fired; an answer without content leaves what is shown, another takes
    its place with its own pace. PageError where the page would wait for ever, or longer than one's patience.
    """
    deadline = time.perf_counter() + patience_seconds
    shown, fetch = html, _fetch_of(html, path)
    while time.perf_counter() < deadline:
        fired = time.perf_counter()
        answer = browser.get(fetch.url, as_fragment=True)
        if is_there(answer.text):
            return time.perf_counter()
        if answer.status != 204:
            shown, fetch = answer.text, _fetch_of(answer.text, path)
            fired = time.perf_counter()
        if fetch.seconds is not None:
            time.sleep(max(0.0, fired + fetch.seconds - time.perf_counter()))
    raise PageError(f"{path} still shows: {shown[:2000]}")


def _fetch_of(html: str, path: str) -> Fetch:
    found = [fetch for fetch in fetches(html) if urllib.parse.urlsplit(fetch.url).path == path]
    if not found:
        raise PageError(f"Nothing asks for {path} any more: {html[:2000]}")
    return found[0]


class _Fetches(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Fetch] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if named.get("hx-get") and named.get("hx-trigger"):
            self.found.append(Fetch(str(named["hx-get"]), str(named["hx-trigger"])))
