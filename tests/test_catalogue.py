"""Everything said to people is also said in English (matchsvc/locale/en)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib  # type: ignore[import-untyped]  # ships none
from django.utils.translation import gettext, override
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "matchsvc/locale/en/LC_MESSAGES/django.po"
ENTRIES = polib.pofile(str(CATALOGUE))

# What each function of gettext takes before its values, as the scanner of GNU gettext is told by Django.
ARGUMENTS = {
    "_": ("id",),
    "gettext": ("id",),
    "ngettext": ("id", "plural"),
    "pgettext": ("context", "id"),
    "npgettext": ("context", "id", "plural"),
}
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL_IN_TEMPLATE = re.compile(rf"(?<!\w)(np?gettext|p?gettext|_)\(({LITERAL}(?:,\s*{LITERAL})*)")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")

Key = tuple[str, str, str]
"""Context, sentence and plural, each empty where there is none."""


def key_of(function: str, texts: list[str]) -> Key:
    given = dict(zip(ARGUMENTS[function], texts, strict=False))
    return given.get("context", ""), given["id"], given.get("plural", "")


def of_python(path: Path) -> Iterator[Key]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        function = name.removesuffix("_lazy").removesuffix("_noop")
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if function in ARGUMENTS and texts:
            yield key_of(function, texts)


def of_template(path: Path) -> Iterator[Key]:
    for function, literals in CALL_IN_TEMPLATE.findall(templatize(path.read_text(encoding="utf-8"))):
        yield key_of(function, [ast.literal_eval(text) for text in re.findall(LITERAL, literals)])


def sentences_in_the_sources() -> Iterator[tuple[Path, Key]]:
    for folder in (ROOT / "apps", ROOT / "matchsvc"):
        for path in sorted(folder.rglob("*.py")):
            yield from ((path, key) for key in of_python(path))
        for path in sorted(file for ending in ("html", "txt") for file in folder.glob(f"*/templates/**/*.{ending}")):
            yield from ((path, key) for key in of_template(path))


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def fault_of(entry: polib.POEntry) -> str:
    """What is wrong with an entry, in a word; empty where nothing is."""
    texts = translations(entry)
    if not all(text.strip() for text in texts):
        return "empty"
    if entry.fuzzy or entry.obsolete:
        return "left over"
    if any(CHINESE.search(text) for text in texts):
        return "Chinese"
    wanted = set(PLACEHOLDER.findall(entry.msgid))
    return "" if all(set(PLACEHOLDER.findall(text)) == wanted for text in texts) else "placeholders"


def test_every_sentence_of_the_sources_is_in_the_catalogue() -> None:
    known = {(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "") for entry in ENTRIES}
    missing = {f"{path.relative_to(ROOT)}: {key}" for path, key in sentences_in_the_sources() if key not in known}
    assert not missing


def test_the_scan_of_the_sources_sees_templates_and_code() -> None:
    keys = {key for _path, key in sentences_in_the_sources()}
    assert {("", "需求大厅", ""), ("", "我的机构", ""), ("", "您没有进行该操作的权限。", "")} <= keys
    assert len(keys) > 0.9 * len(ENTRIES)


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    assert {(entry.msgctxt, entry.msgid): translations(entry) for entry in compiled} == {
        (entry.msgctxt, entry.msgid): translations(entry) for entry in ENTRIES
    }


def test_every_entry_is_whole_and_english() -> None:
    faults = {entry.msgid: fault_of(entry) for entry in ENTRIES}
    assert not {sentence: fault for sentence, fault in faults.items() if fault}


def test_people_who_choose_english_read_english() -> None:
    with override("en"):
        assert gettext("需求大厅") == "Needs board"
