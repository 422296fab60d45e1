"""How the actions of cases are described to those who call them."""

from typing import Any, Protocol, cast

from drf_spectacular.utils import extend_schema


class Keeps(Protocol):
    """A decorator that leaves the type of what it decorates alone."""

    def __call__[F](self, function: F, /) -> F: ...


def described(tag: str, summary: Any, request: Any, answer: Any, code: int = 200) -> Keeps:
    decorator = extend_schema(summary=summary, request=request, responses={code: answer}, tags=[tag], filters=False)
    return cast("Keeps", decorator)
