"""What the tests of notifications share: kinds of message, a way to tell, and a group that listens."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, User
from apps.notifications import kinds, outbox
from apps.notifications.models import Delivery, GroupRobot, Notification
from apps.notifications.services import notify

CITY = ZoneInfo("Asia/Shanghai")
# Sentences that the catalogue has: what is tested is whose language they are read in.
kinds.register(
    kinds.Kind("tests.accepted", "“%(need)s”有新的回应", "%(who)s 接受了推荐"),
    kinds.Kind("tests.translated", _("需求大厅"), _("我的机构")),
)
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=CITY)  # a Wednesday
NIGHT = datetime(2026, 11, 18, 23, 30, tzinfo=CITY)


@pytest.fixture(autouse=True)
def hints(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The letters that workers are told of; no broker is asked."""
    sent: list[str] = []
    monkeypatch.setattr(outbox, "send_hints", lambda letters, **_: sent.extend(letters))
    return sent


type Tell = Callable[..., int]


@pytest.fixture
def tell(db: None) -> Tell:
    """Tell of an event; keywords replace any argument."""

    def tell_one(*recipients: User, **changes: Any) -> int:
        arguments: dict[str, Any] = {
            "event_key": "proposal:abc:accepted",
            "topic": "engagements",
            "recipients": recipients,
            "kind": "tests.accepted",
            "params": {"need": "轧辊耐磨涂层", "who": "胶州湾理工大学"},
            "url_name": "home",
            "by_name": True,
        }
        return notify(**arguments | changes)

    return tell_one


@pytest.fixture
def never_quiet(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that run by the real clock, at whatever hour."""
    monkeypatch.setattr("apps.notifications.timing.is_quiet", lambda *_arguments: False)


class Receiver:
    """A group robot's server on this machine: what it got, and what it answers next."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, Any]]] = []
        self.status, self.headers = 200, {"Content-Type": "application/json"}
        self.body = b'{"errcode": 0, "errmsg": "ok"}'
        self.seconds_between_bytes = 0.0
        self.server = HTTPServer(("127.0.0.1", 0), self._handler())

    def _handler(receiver) -> type[BaseHTTPRequestHandler]:  # noqa: N805  (the handler below has a self of its own)
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((self.path, json.loads(content)))
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if not receiver.seconds_between_bytes:
                    self.wfile.write(receiver.body)
                    return
                with suppress(OSError):  # who asked went away
                    for place in range(len(receiver.body)):
                        self.wfile.write(receiver.body[place : place + 1])
                        time.sleep(receiver.seconds_between_bytes)

            def log_message(self, *_arguments: Any) -> None:
                pass

        return Handler

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def texts(self) -> list[str]:
        return [body["text"]["content"] for _path, body in self.got]


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Receiver]:
    listening = Receiver()
    thread = threading.Thread(target=listening.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.ROBOT_TRUSTED_ORIGINS = [listening.origin]
    yield listening
    listening.server.shutdown()
    thread.join()
    listening.server.server_close()


@pytest.fixture
def robot(receiver: Receiver, enterprise: Organisation) -> GroupRobot:
    return GroupRobot.objects.create(organisation=enterprise, url=f"{receiver.origin}/send?key=abcd-1234")


def make_due() -> list[str]:
    """Let everything that waits be due now; the letters."""
    Delivery.objects.filter(state="due").update(due_at=datetime(2026, 1, 1, tzinfo=CITY))
    return sorted(set(Delivery.objects.filter(state="due").values_list("letter", flat=True)))


def only_notification() -> Notification:
    return Notification.objects.get()
