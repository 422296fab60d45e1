"""Rows to engine documents: the one place where the database and the engine meet."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from apps.capabilities.models import Capability
from apps.core.indicators import IndicatorRow
from apps.engine.background import read_background
from apps.engine.counted import TermCounter
from apps.engine.documents import Document, Indicator
from apps.engine.offered_figures import offered_figures
from apps.engine.synonyms import Synonyms, read_synonyms
from apps.engine.taxonomy import Taxonomy
from apps.engine.taxonomy import Term as EngineTerm
from apps.engine.tokens import Segmenter
from apps.matching.facts import capability_facts, need_facts
from apps.needs.models import ElementKind, ElementState, Need
from apps.taxonomy.models import Term
from apps.taxonomy.selectors import engine_terms


@cache
def engine_taxonomy() -> Taxonomy:
    """The taxonomy as the engine reads it, once per process: a change of terms is read at the next start."""
    return Taxonomy(EngineTerm(*term) for term in engine_terms())


@cache
def engine_segmenter() -> Segmenter:
    """jieba with the domain's words, the synonyms, and every name of the taxonomy."""
    words = settings.SEEDS_DIR / "dictionary" / "domain_words.txt"
    return make_segmenter(engine_taxonomy(), words, settings.VAR_DIR / "jieba")


@cache
def engine_counter() -> TermCounter:
    """Cuts and counts texts by the segmenter and taxonomy of this process."""
    return TermCounter(engine_segmenter(), engine_taxonomy())


def make_segmenter(taxonomy: Taxonomy, words: Path, cache_dir: Path) -> Segmenter:
    """`words`: the file of the domain's words; its neighbours tell synonyms, and how common terms are."""
    names = [(term.name, *term.aliases) for term in taxonomy.terms.values()]
    groups = read_synonyms(words.with_name("synonyms.txt").read_text(encoding="utf-8").splitlines())
    dictionary = [*words.read_text(encoding="utf-8").split(), *(name for group in names for name in group)]
    background = read_background(words.with_name("background.tsv").read_text(encoding="utf-8").splitlines())
    return Segmenter(dictionary, cache_dir, Synonyms(groups, aliases=names), background)


def document_id(pk: int) -> str:
    """A row's name in the engine. It breaks ties by id, as text: padded, the order is that of the rows."""
    return f"{pk:012d}"


def need_rows(needs: QuerySet[Need]) -> QuerySet[Need]:
    """Needs with all that `need_document` reads, in a constant number of queries."""
    return needs.select_related("industry_chain").prefetch_related("tags", "tech_fields", "indicators", "elements")


def capability_rows(capabilities: QuerySet[Capability]) -> QuerySet[Capability]:
    return capabilities.prefetch_related("industries", "tags", "tech_fields", "indicators")


def need_document(need: Need) -> Document:
    """What a need asks for, with what its people added to its elements; what it rules out or tried is no part of it."""
    chain = [need.industry_chain.code] if need.industry_chain else []
    return Document(
        id=document_id(need.pk),
        title=need.title,
        goal=need.goal,
        body=_body(need.background, *_added(need)),
        tags=(*chain, *_codes(need.tech_fields.all()), *_codes(need.tags.all())),
        indicators=tuple(_indicator(row, is_hard=row.is_hard) for row in need.indicators.all()),
        facts=need_facts(need),
    )


def _added(need: Need) -> list[str]:
    """What people added to what was read. A constraint often names what is not wanted."""
    return [e.text for e in need.elements.all() if e.state == ElementState.ADDED and e.kind in KINDS_THAT_TELL]


KINDS_THAT_TELL = (ElementKind.PROBLEM, ElementKind.OBJECT, ElementKind.PROCESS, ElementKind.MATERIAL)


def capability_document(capability: Capability) -> Document:
    """What a capability offers: its texts, those details of its kind that say what it can do, and its figures.

    Figures are its form's rows, and what its texts surely promise beside them (`offered_figures`).
    """
    details = capability.details
    told = (details[key] for key in DETAILS_THAT_TELL if isinstance(details.get(key), str))
    document = Document(
        id=document_id(capability.pk),
        title=capability.title,
        goal=capability.value,
        body=_body(capability.description, *told),
        tags=(
            *_codes(capability.industries.all()),
            *_codes(capability.tech_fields.all()),
            *_codes(capability.tags.all()),
        ),
        indicators=tuple(_indicator(row, is_hard=True) for row in capability.indicators.all()),
        kind=capability.kind,
        facts=capability_facts(capability),
    )
    read = offered_figures(document.text, document.indicators)
    return replace(document, indicators=(*document.indicators, *read))


# The details (capabilities.kinds) that describe what can be done; prices, names and rules of access do not.
DETAILS_THAT_TELL = (
    "innovation",
    "directions",
    "solves",
    "samples",
    "model",
    "equipment",
    "process_abilities",
    "services",
)


def _body(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def _codes(terms: Iterable[Term]) -> list[str]:
    return [term.code for term in terms]


def _indicator(row: IndicatorRow, *, is_hard: bool) -> Indicator:
    return Indicator(name=row.name, low=row.low, high=row.high, unit=row.unit, is_hard=is_hard)
