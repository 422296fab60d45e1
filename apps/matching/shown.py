"""What pages show of a pair, in small pieces: whose it is, whom to call, a text with marks, a sentence to somebody."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from apps.accounts.models import Organisation, User

_INSIDE_AMOUNT = re.compile(r"(?<=[≥≤]) (?=\d)|(?<=\d) (?=[^\W\d_])|(?<=TRL) (?=\d)")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a need or a capability is: its name, or words that tell nothing."""

    name: str
    is_named: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """One side's person, once both sides accepted."""

    title: str
    organisation: str
    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of a side, with its label and the shared terms marked."""

    label: Any
    html: SafeString


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence, and to whom it is said; "" where that is the reader."""

    label: str
    text: str

    @property
    def unbroken(self) -> str:
        """The text with signs, numbers and units kept on one line: no line ends between ≥ and 55 HRC."""
        return _INSIDE_AMOUNT.sub("\N{NO-BREAK SPACE}", self.text)


def contact_of(title: str, organisation: Organisation, person: User | None) -> Contact:
    """Empty beside the organisation where nobody speaks for it."""
    if person is None:
        return Contact(title, organisation.name, "", "", "")
    return Contact(title, organisation.name, person.name, person.phone, person.email)
