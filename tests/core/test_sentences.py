"""The framework's own sentences in the platform's words (matchsvc/locale/zh_Hans)."""

from pathlib import Path

import django
import polib  # type: ignore[import-untyped]  # ships none
import pytest
import rest_framework
from django.utils.translation import gettext, ngettext, override

CATALOGUE = Path(__file__).resolve().parents[2] / "matchsvc/locale/zh_Hans/LC_MESSAGES/django.po"
ENTRIES = polib.pofile(str(CATALOGUE))


def framework_sentences() -> set[str]:
    """What Django and DRF have sentences for, by their Chinese catalogues, and Django's English one where those lag."""
    roots = [Path(str(module.__file__)).parent for module in (django, rest_framework)]
    translated = [path for root in roots for path in root.glob("**/locale/zh_Hans/LC_MESSAGES/django.mo")]
    original = roots[0].glob("**/locale/en/LC_MESSAGES/django.po")
    catalogues = [*(polib.mofile(str(path)) for path in translated), *(polib.pofile(str(path)) for path in original)]
    return {entry.msgid for catalogue in catalogues for entry in catalogue}


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    assert {entry.msgid: (entry.msgstr, entry.msgstr_plural) for entry in compiled} == {
        entry.msgid: (entry.msgstr, entry.msgstr_plural) for entry in ENTRIES
    }


def test_every_sentence_is_one_the_frameworks_still_have() -> None:
    assert {entry.msgid for entry in ENTRIES} <= framework_sentences()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.msgid[:30])
def test_people_read_our_words(entry: polib.POEntry) -> None:
    with override("zh-hans"):
        if entry.msgid_plural:
            assert ngettext(entry.msgid, entry.msgid_plural, 2) == entry.msgstr_plural[0]
        else:
            assert gettext(entry.msgid) == entry.msgstr
