"""Answers to "may this person do this?" that carry their reason."""

from typing import NamedTuple

from apps.core.errors import NotAllowed


class Decision(NamedTuple):
    """`allowed`, and when it is not, the sentence that tells the person why."""

    allowed: bool
    reason: object = ""

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise NotAllowed with the reason unless the answer is yes."""
        if not self.allowed:
            raise NotAllowed(self.reason or None)


ALLOWED = Decision(True)


def refused(reason: object) -> Decision:
    return Decision(False, reason)
