"""What a channel must be able to do, and how it says that it could not."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from apps.notifications.models import Delivery
from apps.notifications.models.preferences import ReadingTerms


class NotSent(Exception):
    """This letter did not go out, for a reason that may be shown. `is_final`: no use to try it again."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        self.reason, self.is_final = reason, is_final
        super().__init__(reason)


class ChannelIsDown(Exception):
    """No letter of the channel goes out now. Nothing is wrong with this one: the attempt does not count."""

    def __init__(self, reason: str, *, pause: timedelta) -> None:
        self.reason, self.pause = reason, pause
        super().__init__(reason)


class Sender(Protocol):
    def wanted(self, rows: Sequence[Delivery]) -> list[Delivery]:
        """Those of a letter's rows that whoever gets it still wants and may still read."""

    def terms(self, row: Delivery) -> ReadingTerms:
        """The language and quiet hours of whoever gets it."""

    def pause_before(self, row: Delivery) -> timedelta:
        """How long the reader's own limit asks to wait; zero: not at all."""

    def send(self, rows: Sequence[Delivery], *, letter: str) -> None:
        """Send the rows as one letter, in the reader's language. NotSent; ChannelIsDown."""
