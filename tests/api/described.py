"""Whether an answer is what the schema says of its operation."""

import json
from functools import cache
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.urls import resolve
from jsonschema import Draft4Validator, FormatChecker  # type: ignore[import-untyped]  # it has no types


@cache
def schema() -> dict[str, Any]:
    """Of the whole API, as programs read it; asked once."""
    written = StringIO()
    call_command("spectacular", "--format", "openapi-json", stdout=written, stderr=StringIO())
    loaded: dict[str, Any] = json.loads(written.getvalue())
    return loaded


@cache
def operations() -> dict[tuple[str, str], dict[str, Any]]:
    """By (route, method), a route being the template of the paths that Django resolves to it."""
    return {
        (_shape(path), method.upper()): operation
        for path, methods in schema()["paths"].items()
        for method, operation in methods.items()
    }


def _shape(path: str) -> str:
    """What is named in the path is left out: the schema and the router may call it differently."""
    return "/".join("*" if part.startswith("{") else part for part in path.strip("/").split("/"))


def shape_of(path: str) -> str:
    """Of a path as it was asked for."""
    named = set(resolve(path).kwargs.values())
    return "/".join("*" if part in named else part for part in path.strip("/").split("/"))


def told_otherwise(path: str, method: str, code: int, body: bytes) -> list[str]:
    """How the answer differs from its description; empty where it does not."""
    responses = operations()[shape_of(path), method]["responses"]
    described = responses.get(str(code)) or responses.get(f"{code // 100}XX")
    if described is None:
        return [f"{code} is not described"]
    content = described.get("content", {}).get("application/json")
    if content is None or not body:
        return ["there is no body"] if content and content["schema"] else []
    found = _validator(json.dumps(content["schema"])).iter_errors(json.loads(body))
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message[:160]}" for error in found]


@cache
def _validator(described: str) -> Draft4Validator:
    rule = {**json.loads(described), "components": schema()["components"]}
    return Draft4Validator(_with_null(rule), format_checker=FormatChecker(("date", "time", "uuid", "email")))


def _with_null(rule: Any) -> Any:
    """OpenAPI 3.0 says `nullable` where JSON Schema has a type of its own."""
    if isinstance(rule, list):
        return [_with_null(part) for part in rule]
    if not isinstance(rule, dict):
        return rule
    inner = {name: _with_null(part) for name, part in rule.items() if name != "nullable"}
    return {"anyOf": [inner, {"type": "null"}]} if rule.get("nullable") is True else inner
