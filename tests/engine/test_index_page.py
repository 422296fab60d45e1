"""The worked example of docs/index.md is what the engine computes; test_worked_example.py tells how to renew it."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from apps.engine.documents import Document
from apps.engine.grid import GRID
from apps.engine.matcher import Matcher
from apps.engine.scoring import Scorer
from apps.engine.search import upper_bounds
from apps.engine.terms import codes_of

PAGE = Path(__file__).parents[2] / "docs/index.md"
BEGIN, END = "<!-- worked example -->\n```text\n", "```\n<!-- end of worked example -->"
TERMS = ("涂层", "耐磨", "激光熔覆", "修复", "表面", "磨损")


def worked_example(matcher: Matcher, need: Document, capabilities: Sequence[Document]) -> str:
    return "\n".join([*_sum(matcher, need, capabilities[0]), "", *_bounds(matcher, need)]) + "\n"


def _sum(matcher: Matcher, need: Document, capability: Document) -> Iterator[str]:
    """The cosine of words, term by term."""
    scorer, names = matcher.scorer_, dict(zip(codes_of(TERMS).tolist(), TERMS, strict=True))
    asked, found = _weights(scorer, need, of_need=True), _weights(scorer, capability, of_need=False)
    shared = sorted(asked.keys() & found.keys())
    yield f"{need.title}  ×  {capability.title}：共有 {len(shared)} 个词，权重以 1/{GRID} 为单位"
    total = 0
    for code in shared:
        product = int(asked[code] * found[code])
        total += product
        if code in names:
            yield f"  {names[code]:　<5} {code:>20} {asked[code]:>6.0f} × {found[code]:>5.0f} = {product:>9}"
    yield f"  全部词之和 {total}，除以 {GRID}² 得 {total / GRID**2:.6f}"


def _weights(scorer: Scorer, document: Document, *, of_need: bool) -> dict[int, float]:
    codes, weights = scorer.query(document, of_need=of_need).terms["words"]
    return dict(zip(codes.tolist(), weights.tolist(), strict=True))


def _bounds(matcher: Matcher, need: Document) -> Iterator[str]:
    """What each capability could reach at most before anything dear is computed, and what it has."""
    scorer, layout = matcher.scorer_, matcher.layout_
    query = scorer.query(need, of_need=True)
    bounds = upper_bounds(scorer, query, layout, scorer.overview(query, layout))
    points = {match.document_id: match.score for match in matcher.rank(need, depth=0, explain=False)}
    yield "  上界    得分  资源"
    for row in np.argsort(-bounds, kind="stable").tolist():
        document = matcher.capabilities_[row]
        yield f"{bounds[row]:6.2f}  {points[document.id]:6.2f}  {document.title}"


def test_the_page_shows_what_the_engine_computes(
    matcher: Matcher, need: Document, capabilities: Sequence[Document]
) -> None:
    page = PAGE.read_text(encoding="utf-8")
    shown, computed = page.split(BEGIN)[1].split(END)[0], worked_example(matcher, need, capabilities)
    if os.environ.get("REWRITE_WORKED_EXAMPLE"):
        PAGE.write_text(page.replace(shown, computed), encoding="utf-8")
        return
    assert shown == computed
