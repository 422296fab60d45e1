"""Where the present request came from, for audit entries written deep inside services."""

from contextvars import ContextVar
from typing import NamedTuple


class Origin(NamedTuple):
    address: str | None
    request_id: str


current_origin: ContextVar[Origin | None] = ContextVar("current_origin", default=None)
