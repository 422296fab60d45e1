"""What a scene is."""

import json
from collections.abc import Callable
from typing import Any

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.api.scenes.world import World


class Scene:
    """A row named in the URL (None for lists), and the body that is sent: as JSON, or where it `is_form` as a form."""

    def __init__(self, row: Any = None, body: dict[str, Any] | None = None, *, is_form: bool = False) -> None:
        self.row, self.body, self.is_form = row, body, is_form

    @property
    def sent(self) -> dict[str, Any]:
        if self.is_form:
            return {"data": encode_multipart(BOUNDARY, self.body or {}), "content_type": MULTIPART_CONTENT}
        return {"data": json.dumps(self.body or {}), "content_type": "application/json"}

    @property
    def kwargs(self) -> dict[str, str]:
        return {"public_id": self.row.public_id} if self.row is not None else {}


class Named(Scene):
    """A row that is named otherwise than by its public id."""

    def __init__(self, body: dict[str, Any] | None = None, **named: Any) -> None:
        super().__init__(body=body)
        self.named = {name: str(value) for name, value in named.items()}

    @property
    def kwargs(self) -> dict[str, str]:
        return self.named


type Scenes = dict[tuple[str, str], Callable[[World], Scene]]
"""(name of the URL, method) → the scene."""
