"""Shared terms, marked in the texts of both sides. Everything else in the texts is escaped."""

from collections.abc import Iterable, Sequence

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from apps.engine.highlight import highlight_spans

EXCERPT_LENGTH = 110
LEAD = 14
"""Characters of an excerpt that stand before its first term, unless a clause begins nearer."""

_CLAUSE_ENDS = "。！？；，、：\n!?;"


def marked(text: str, terms: Iterable[str]) -> SafeString:
    """The text as HTML, every occurrence of a term in <mark>."""
    return _marked(text, highlight_spans(text, terms))


def excerpt(text: str, terms: Sequence[str]) -> SafeString:
    """The passage that holds the most different terms, marked; the beginning where there are none."""
    spans = highlight_spans(text, terms)
    start = _passage_start(text, spans)
    end = min(len(text), start + EXCERPT_LENGTH)
    inside = [(a - start, b - start) for a, b in spans if start <= a and b <= end]
    return format_html(
        "{}{}{}",
        "…" if start else "",
        _marked(text[start:end].replace("\n", " "), inside),
        "…" if end < len(text) else "",
    )


def _passage_start(text: str, spans: Sequence[tuple[int, int]]) -> int:
    if len(text) <= EXCERPT_LENGTH or not spans:
        return 0
    counts = [len({text[a:b].lower() for a, b in spans if first <= a and b <= first + EXCERPT_LENGTH - LEAD})
              for first, _ in spans]  # fmt: skip
    first = spans[counts.index(max(counts))][0]
    lead = text[max(0, first - LEAD) : first]
    after_clause = max(lead.rfind(sign) for sign in _CLAUSE_ENDS) + 1
    start = min(first - len(lead) + after_clause, len(text) - EXCERPT_LENGTH)
    return start + (text[start] in _CLAUSE_ENDS)


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> SafeString:
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        pieces += [conditional_escape(text[at:start]), format_html("<mark>{}</mark>", text[start:end])]
        at = end
    pieces.append(conditional_escape(text[at:]))
    return mark_safe("".join(pieces))  # noqa: S308  (each piece was escaped above)
