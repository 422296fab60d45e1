"""How money is typed."""

from typing import Any

from django import forms


class YuanInput(forms.NumberInput):
    """An amount in yuan, to the fen."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"min": "0", "step": "0.01", "inputmode": "decimal"} | (attrs or {}))
