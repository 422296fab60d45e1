"""What was measured, as a table for people and as JSON for machines."""

import math
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.engine.bootstrap import RESAMPLES, Difference, Interval
from apps.engine.matcher import ENGINE_VERSION
from apps.matching.evaluation.contenders import BLEND, FITTED, Contender, Group
from apps.matching.evaluation.measuring import METRICS, Evaluation
from apps.matching.score_parts import MEANINGS

PEERS = {
    "bm25_bigrams": gettext_lazy("BM25，二字串"),
    "bm25_words": gettext_lazy("BM25，结巴分词"),
    "tfidf_words": gettext_lazy("scikit-learn TF-IDF，结巴分词"),
}
DECIMALS = 4
FEWEST_NEEDS = 10
"""Of fewer needs the bootstrap draws the same few figures again and again: its intervals come out too narrow."""


def table(evaluation: Evaluation) -> str:
    """Two tables in Markdown: the figures with their intervals, and the blend's lead over each other way to rank."""
    figures = [[_label(c), *(_interval(evaluation.interval(c, m)) for m in METRICS)] for c in _in_order(evaluation)]
    rivals = [c for c in _in_order(evaluation) if c.group not in {Group.BLEND, Group.SIGNAL}]
    leads = [[_label(c), *(_difference(evaluation.difference(c, m)) for m in METRICS)] for c in rivals]
    return "\n".join(
        [
            _heading(evaluation),
            *warnings(evaluation),
            "",
            *_aligned([_("排序方式"), *METRICS], figures),
            "",
            _("综合（出厂权重）比其他方式高出多少，逐项需求配对比较："),
            "",
            *_aligned([_("相比"), *METRICS], leads),
            "",
            *_weights(evaluation),
        ]
    )


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """The same in numbers; null where there is no figure."""
    contenders = _in_order(evaluation)
    return {
        "engine_version": ENGINE_VERSION,
        "encoder": evaluation.judged.encoder or None,
        "needs": len(evaluation.judged.needs),
        "capabilities": len(evaluation.judged.capabilities),
        "pairs": evaluation.judged.pair_count,
        "resamples": RESAMPLES,
        "warnings": warnings(evaluation),
        "weights": evaluation.shipped,
        "fitted_weights": evaluation.fitted,
        "absent_signals": list(evaluation.absent),
        "rankings": [_ranking(evaluation, contender) for contender in contenders],
    }


def warnings(evaluation: Evaluation) -> list[str]:
    """What a reader should know before believing the figures; mostly nothing."""
    needs = min(sum(not math.isnan(value) for value in values) for values in evaluation.values[BLEND].values())
    if needs >= FEWEST_NEEDS:
        return []
    told = {"needs": needs, "fewest": FEWEST_NEEDS}
    return [
        _("注意：有指标只能在 %(needs)d 项需求上计算，不足 %(fewest)d 项，置信区间和 p 值意义不大，请勿据此下结论。")
        % told
    ]


def blend_figures(evaluation: Evaluation) -> dict[str, float | None]:
    """The blend's means alone."""
    return {metric: _number(evaluation.interval(BLEND, metric).mean) for metric in METRICS}


def _ranking(evaluation: Evaluation, contender: Contender) -> dict[str, Any]:
    row: dict[str, Any] = {"name": contender.key, "group": str(contender.group)}
    for metric in METRICS:
        found = evaluation.interval(contender, metric)
        row[metric] = {**_bounds(found), "needs": found.count}
    if contender != BLEND:
        row["blend_minus_this"] = {metric: _lead(evaluation.difference(contender, metric)) for metric in METRICS}
    return row


def _bounds(found: Interval) -> dict[str, float | None]:
    return {"mean": _number(found.mean), "low": _number(found.low), "high": _number(found.high)}


def _lead(found: Difference) -> dict[str, float | None]:
    return {**_bounds(found), "p_value": _number(found.p_value)}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, DECIMALS)


def _in_order(evaluation: Evaluation) -> list[Contender]:
    """Blend, fitted, signals, ablation, peers; within each as first met."""
    groups = list(Group)
    return sorted(evaluation.values, key=lambda contender: groups.index(contender.group))


def _label(contender: Contender) -> str:
    if contender == BLEND:
        return _("综合（出厂权重）")
    if contender == FITTED:
        return _("综合（交叉验证拟合权重）")
    if contender.group is Group.PEER:
        return str(PEERS[contender.name])
    signal = {"signal": _signal(contender.name)}
    return _("只用%(signal)s") % signal if contender.group is Group.SIGNAL else _("去掉%(signal)s") % signal


def _signal(name: str) -> str:
    return str(MEANINGS[name][0]) if name in MEANINGS else name


def _heading(evaluation: Evaluation) -> str:
    numbers = {
        "needs": f"{len(evaluation.judged.needs):,}",
        "capabilities": f"{len(evaluation.judged.capabilities):,}",
        "pairs": f"{evaluation.judged.pair_count:,}",
        "resamples": f"{RESAMPLES:,}",
        "engine": ENGINE_VERSION,
        "encoder": evaluation.judged.encoder or _("无"),
    }
    return (
        _(
            "引擎 %(engine)s，语义编码器 %(encoder)s：%(needs)s 项需求，%(capabilities)s 项能力，%(pairs)s 对判定。"
            "方括号内为 95%% 置信区间（对需求自助重抽样 %(resamples)s 次）。"
        )
        % numbers
    )


def _weights(evaluation: Evaluation) -> Iterator[str]:
    if evaluation.absent:
        yield _("这批数据里没有一对可比，未计：%(signals)s") % {"signals": "、".join(map(_signal, evaluation.absent))}
    yield _("出厂权重：%(weights)s") % {"weights": _in_words(evaluation.shipped)}
    for number, weights in enumerate(evaluation.fitted, start=1):
        yield _("第 %(number)d 折拟合权重：%(weights)s") % {"number": number, "weights": _in_words(weights)}


def _in_words(weights: dict[str, float]) -> str:
    return "，".join(f"{_signal(name)} {weight:.2f}" for name, weight in weights.items())


def _interval(found: Interval) -> str:
    return "–" if math.isnan(found.mean) else f"{found.mean:.3f} [{found.low:.3f}, {found.high:.3f}]"


def _difference(found: Difference) -> str:
    if math.isnan(found.mean):
        return "–"
    return f"{found.mean:+.3f} [{found.low:+.3f}, {found.high:+.3f}] p={found.p_value:.4f}"


def _aligned(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A Markdown table whose columns also line up in a terminal, where a Chinese character is two wide."""
    widths = [max(map(_width, column)) for column in zip(header, *rows, strict=True)]
    yield _line(header, widths)
    yield "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    for row in rows:
        yield _line(row, widths)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
