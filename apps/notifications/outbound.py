"""JSON over HTTPS to an address that a stranger typed: to public addresses only, and never anywhere else.

What could go wrong and what stops it: an address inside our own network (every address that the name resolves to must
be public), a name that resolves differently a moment later (the connection goes to the very address that was checked),
a redirect to the inside (none is followed), an answer without end or in drops (bounded in bytes and in time). Settings
may name origins that are trusted instead: a gateway of one's own, or the receiver of a test.
"""

import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

TIMEOUT_SECONDS = 5.0
"""For each step: the connection, and every wait for more bytes."""

WHOLE_SECONDS = 10.0
"""For all of it: who sends a byte every four seconds is cut off too."""

LONGEST_ANSWER = 64 * 1024
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # NAT64: an IPv4 address in the guise of a public one


class Undeliverable(Exception):
    """The post did not arrive. `message` may be shown: it never holds the address. `is_final`: no use to try again."""

    def __init__(self, message: str, *, is_final: bool = False) -> None:
        self.message, self.is_final = message, is_final
        super().__init__(message)


def validate_address(value: str) -> None:
    """ValidationError unless this is an HTTPS address on its usual port, without a user, or of a trusted origin."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise ValidationError(_("这不是完整的网址。"), code="address") from None
    if not parts.hostname or not value.isascii() or any(sign <= " " or sign == "\x7f" for sign in value):
        raise ValidationError(_("这不是完整的网址。"), code="address")
    if _is_trusted(parts):
        return
    if parts.scheme != "https":
        raise ValidationError(_("地址必须以 https:// 开头。"), code="scheme")
    if parts.username is not None or parts.password is not None or port not in (None, 443):
        raise ValidationError(_("地址里不能有用户名、密码或端口号。"), code="address")
    if _is_literal(parts.hostname) and not _is_public(parts.hostname):
        raise ValidationError(_("只能填写公网地址。"), code="private")


def post_json(url: str, body: dict[str, Any]) -> dict[str, Any]:
    """The JSON object that the receiver answers with. Undeliverable for anything else."""
    try:
        validate_address(url)
    except ValidationError as error:
        raise Undeliverable(error.messages[0], is_final=True) from None
    parts = urlsplit(url)
    connection = _connection(parts)
    try:
        with _cut_off(connection, WHOLE_SECONDS) as sockets:
            return _exchange(connection, sockets, parts, json.dumps(body, ensure_ascii=False).encode())
    except (OSError, http.client.HTTPException) as error:
        raise Undeliverable(_("对方服务器没有应答（%(kind)s）。") % {"kind": type(error).__name__}) from None
    finally:
        connection.close()


@contextmanager
def _cut_off(connection: http.client.HTTPConnection, seconds: float) -> Iterator[list[socket.socket]]:
    """Shut the connection from outside when the time is up, whatever it waits for by then.

    To the list goes the socket of a request that was sent: the connection itself forgets it before the answer is read.
    """
    sockets: list[socket.socket] = []

    def shut() -> None:
        for one in (*sockets, connection.sock):
            with suppress(OSError, AttributeError):  # not connected yet, or closed already
                one.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, shut)
    timer.daemon = True
    timer.start()
    try:
        yield sockets
    finally:
        timer.cancel()


def _exchange(
    connection: http.client.HTTPConnection, sockets: list[socket.socket], parts: SplitResult, body: bytes
) -> dict[str, Any]:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8", "Connection": "close"})
    sockets.append(connection.sock)
    answer = connection.getresponse()
    if answer.status != http.HTTPStatus.OK:
        # A redirect is an answer like any other wrong one: whoever sends it does not choose where we go.
        is_final = answer.status in (301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 410)
        raise Undeliverable(_("对方服务器回答 %(status)d。") % {"status": answer.status}, is_final=is_final)
    content = answer.read(LONGEST_ANSWER + 1)
    if len(content) > LONGEST_ANSWER or answer.length:
        raise Undeliverable(_("对方服务器的回答太长或太慢。"))
    return _json_object(content)


def _json_object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise Undeliverable(_("对方服务器的回答不是群机器人的格式，请核对地址。"))
    return answer


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    is_plain = parts.scheme == "http"
    port = parts.port or (80 if is_plain else 443)
    address = host if _is_trusted(parts) else _public_address(host, port)
    if is_plain:
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    return _PinnedConnection(host, port, address=address)


class _PinnedConnection(http.client.HTTPSConnection):
    """TLS for the name, over a connection to the address that was checked."""

    def __init__(self, host: str, port: int, *, address: str) -> None:
        context = ssl.create_default_context()
        super().__init__(host, port, timeout=TIMEOUT_SECONDS, context=context)
        self._tls, self._address = context, address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), TIMEOUT_SECONDS)
        self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)  # a failure closes it with us


def _public_address(host: str, port: int) -> str:
    """The first address of a name. Undeliverable when one of them, even the last, is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Undeliverable(_("找不到这个域名。")) from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(_is_public(address) for address in addresses):
        raise Undeliverable(_("只能发往公网地址。"), is_final=True)
    return addresses[0]


def _is_public(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None or address in _TRANSLATED or address.teredo is not None:
            return inner is not None and _is_public(str(inner))
    return address.is_global and not address.is_multicast


def _is_literal(host: str) -> bool:
    """An address instead of a name, in any spelling that resolvers take ("127.1", "0x7f000001")."""
    if ":" in host:
        return True
    last = host.rstrip(".").rpartition(".")[2]
    return last.isdecimal() or last.lower().startswith("0x")


def _is_trusted(parts: SplitResult) -> bool:
    if parts.scheme not in ("http", "https"):
        return False
    return f"{parts.scheme}://{parts.netloc}".lower() in settings.ROBOT_TRUSTED_ORIGINS
