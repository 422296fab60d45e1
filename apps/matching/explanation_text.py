"""A pair on a terminal: both sentences, the sum of its points, indicators, terms, and what was proposed."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from django.utils.translation import gettext as _

from apps.engine.matcher import ENGINE_VERSION
from apps.matching.explanation import Pair
from apps.matching.grounds import indicator_lines
from apps.matching.score_parts import score_parts
from apps.matching.stored_reasons import verdict_as_json

INDENT = "  "


def lines_of(pair: Pair) -> Iterator[str]:
    """In the order in which a broker would ask."""
    yield _("需求：%(title)s（%(id)s）") % {"title": pair.need_title, "id": pair.need_id}
    yield _("资源：%(title)s（%(id)s）") % {"title": pair.capability_title, "id": pair.capability_id}
    yield _("匹配度：%(score).2f 分（引擎 %(engine)s，排序模型 %(ranker)s）") % {
        "score": pair.match.score,
        "engine": ENGINE_VERSION,
        "ranker": pair.ranker or _("随软件发布"),
    }
    yield ""
    yield _("对需求方说：%(text)s") % {"text": pair.match.for_need}
    yield _("对供给方说：%(text)s") % {"text": pair.match.for_capability}
    yield from _section(_("得分构成"), _part_rows(pair))
    yield from _section(_("指标比对"), _indicator_rows(pair))
    if pair.match.reasons:
        yield ""
        yield _("推荐理由")
        yield from (f"{INDENT}{reason.text}" for reason in pair.match.reasons)
    yield from _standing(pair)


def _part_rows(pair: Pair) -> list[Sequence[str]]:
    parts = pair.match.parts
    shown = score_parts([asdict(part) for part in parts], decimals=2)
    rows: list[Sequence[str]] = [(_("分项"), _("吻合度"), _("权重"), _("得分"))]
    for part, line in zip(parts, shown, strict=True):
        counted = (f"{part.value:.3f}", f"{part.weight:.3f}", f"{line.points:.2f}")
        rows.append((str(line.label), *(counted if line.is_counted else ("—", "—", _("未参与")))))
    return [*rows, (_("合计"), "", f"{sum(part.weight for part in parts):.3f}", f"{pair.match.score:.2f}")]


def _indicator_rows(pair: Pair) -> list[Sequence[str]]:
    lines = indicator_lines([verdict_as_json(verdict) for verdict in pair.match.verdicts])
    rows = [
        (line.name, _("要求") if line.is_hard else _("期望"), line.asked, line.offered or "—", str(line.finding))
        for line in lines
    ]
    return [(_("指标"), "", _("需求"), _("资源"), _("结论")), *rows] if rows else []


def _standing(pair: Pair) -> Iterator[str]:
    if pair.ranker is None:
        return
    yield ""
    if pair.proposal is None:
        yield _("平台没有推荐过这一对。")
    elif not pair.differences:
        yield _("与已推荐的内容一致。")
    else:
        yield _("与已推荐的内容不一致：%(differences)s。") % {"differences": "；".join(pair.differences)}


def _section(title: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A title and its rows in columns; nothing where there are none."""
    if not rows:
        return
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    yield ""
    yield title
    for row in rows:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        yield f"{INDENT}{INDENT.join(cells)}".rstrip()


def _width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
