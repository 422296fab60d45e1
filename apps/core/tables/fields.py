"""Which columns a table may have, and how people write their names."""

import unicodedata
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from apps.core.tables.refusal import TableRefused


class Fields:
    """The known fields by their spellings in a header; width, case, space and form's stars do not matter.

    `spellings` names for each field the other ways to write it; `required` fields must have a column.
    """

    def __init__(self, spellings: Mapping[str, Iterable[str]], *, required: Iterable[str]) -> None:
        self.spellings = {name: tuple(others) for name, others in spellings.items()}
        self.required = tuple(required)
        self._field_of = {
            folded(spelling): name for name, others in self.spellings.items() for spelling in (name, *others)
        }

    def columns(self, headings: Iterable[str]) -> dict[str, str]:
        """Heading → field, for the headings that are known.

        Raises TableRefused when a required field has no column, or two columns mean the same field.
        """
        columns: dict[str, str] = {}
        heading_of: dict[str, str] = {}
        for heading in headings:
            field = self._field_of.get(folded(heading))
            if field is None:
                continue
            if field in heading_of:
                pair = {"one": heading_of[field], "other": heading}
                raise TableRefused(_("“%(one)s”和“%(other)s”两列含义相同，请只保留一列。") % pair)
            columns[heading], heading_of[field] = field, heading
        missing = [self.title(name) for name in self.required if name not in heading_of]
        if missing:
            raise TableRefused(_("缺少必需的列：%(names)s。第一行应为列名。") % {"names": "、".join(missing)})
        return columns

    def title(self, name: str) -> str:
        """A field as people are told of it: "title（名称）"."""
        others = self.spellings.get(name, ())
        return f"{name}（{others[0]}）" if others else name


def folded(heading: str) -> str:
    return unicodedata.normalize("NFKC", heading).strip(" *★☆\t\r\n\ufeff").casefold()
