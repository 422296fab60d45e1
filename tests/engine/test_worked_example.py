"""The worked example of docs/matching.md is what the engine computes.

After a change of scores or wording, `REWRITE_WORKED_EXAMPLE=1 pytest tests/engine/test_worked_example.py` writes the
block anew, so that the diff of the page shows what moved.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from apps.engine import semantic_signal
from apps.engine.documents import Document
from apps.engine.encoder import Encoder, with_vectors
from apps.engine.matcher import Matcher
from apps.engine.postings import cosines

PAGE = Path(__file__).parents[2] / "docs/matching.md"
BEGIN, END = "<!-- worked example -->\n```text\n", "```\n<!-- end of worked example -->"


def worked_example(matcher: Matcher, need: Document, capabilities: Sequence[Document]) -> str:
    return "\n".join(_lines(matcher, need, capabilities)) + "\n"


def _lines(matcher: Matcher, need: Document, capabilities: Sequence[Document]) -> Iterator[str]:
    scorer, share = matcher.scorer_, matcher.parameters.meaning_title_share
    query = scorer.query(need, of_need=True)
    for capability in capabilities[:2]:
        match, layout = matcher.match(need, capability), scorer.lay_out([capability])
        overview = scorer.overview(query, layout)
        raw = {name: cosines(sums)[0] for name, sums in overview.lexical.items()} | {
            "semantics": semantic_signal.values(need, layout.semantics, title_share=share)[0][0],
            "tags": scorer.tags.values(need, layout.tags)[0][0],
        }
        yield f"{need.title}  ×  {capability.title}"
        yield "  part           raw    value   weight   points"
        for part in match.parts:
            before = f"{raw[part.name]:.3f}" if part.name in raw else "    -"
            yield f"  {part.name:<11} {before:>6} {part.value:>8.3f} {part.weight:>8.3f} {part.contribution:>8.2f}"
        yield f"  score {match.score:>42.2f}"
        yield f"  对需求方说：{match.for_need}"
        yield f"  对供给方说：{match.for_capability}"
        yield from (f"  {reason.text}" for reason in match.reasons)
        yield ""


def test_the_page_shows_what_the_engine_computes(
    matcher: Matcher, need: Document, capabilities: Sequence[Document], encoder: Encoder
) -> None:
    matcher = Matcher(taxonomy=matcher.taxonomy, segmenter=matcher.segmenter)
    need, *offers = with_vectors([need, *capabilities], encoder)
    matcher.fit(offers)
    page = PAGE.read_text(encoding="utf-8")
    shown, computed = page.split(BEGIN)[1].split(END)[0], worked_example(matcher, need, offers)
    if os.environ.get("REWRITE_WORKED_EXAMPLE"):
        PAGE.write_text(page.replace(shown, computed), encoding="utf-8")
        return
    assert shown == computed
