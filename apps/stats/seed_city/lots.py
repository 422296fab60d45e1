"""Chance that repeats: the same seed and purpose draw the same lots, whatever else is drawn."""

import random
import uuid
from collections.abc import Mapping, Sequence
from typing import Self

from apps.core.models import PUBLIC_ID_ALPHABET, PUBLIC_ID_LENGTH


class Lots(random.Random):
    """One stream of chance. Every step has its own, so that a change of one leaves the others as they are."""

    @classmethod
    def of(cls, seed: int, purpose: str) -> Self:
        return cls(f"{seed}: {purpose}")

    def public_id(self) -> str:
        return "".join(self.choices(PUBLIC_ID_ALPHABET, k=PUBLIC_ID_LENGTH))

    def form_key(self) -> uuid.UUID:
        return uuid.UUID(int=self.getrandbits(128), version=4)

    def chance(self, probability: float) -> bool:
        return self.random() < probability

    def one_of[Value](self, weights: Mapping[Value, float]) -> Value:
        """A key, drawn by weight."""
        return self.choices(list(weights), list(weights.values()))[0]

    def some_of[Value](self, values: Sequence[Value], fewest: int, most: int) -> list[Value]:
        return self.sample(values, min(len(values), self.randint(fewest, most)))
