"""Elements of a need: people's decisions are written with what the need says; what the platform reads, afterwards."""

from collections.abc import Iterable

from django.db import transaction

from apps.accounts.models import User
from apps.core import audit
from apps.needs.analysis import assess_clarity, find_elements
from apps.needs.clarity import said_by
from apps.needs.elements import (
    COUNTED,
    ElementValues,
    Key,
    decisions,
    merged,
    need_texts,
    placed,
    same_decisions,
    stored_elements,
)
from apps.needs.models import ElementState, Need, NeedElement

ELEMENTS = "elements"
AUDITED_STATES = (ElementState.CONFIRMED, ElementState.REMOVED, ElementState.ADDED)


def decisions_differ(need: Need, elements: Iterable[ElementValues]) -> bool:
    return not same_decisions(stored_elements(need), elements)


def write_decisions(need: Need, elements: Iterable[ElementValues], *, by: User) -> None:
    """Keep what people decided, with one audit entry that says what is new. Call inside a transaction."""
    before = decisions(stored_elements(need))
    now = decisions(elements)
    texts = need_texts(need)
    _write(need, [placed(element, texts) for element in now.values()])
    audit.record(need, "need.elements_decided", by=by, changes=_news(before, now))


def _news(before: dict[Key, ElementValues], now: dict[Key, ElementValues]) -> dict[str, list[str]]:
    """Texts by the state they are in now; `undecided` are those taken back."""
    fresh = [e for key, e in now.items() if key not in before or before[key].state != e.state]
    news = {state.value: [e.text for e in fresh if e.state == state] for state in AUDITED_STATES}
    news["undecided"] = [e.text for key, e in before.items() if key not in now]
    return {state: texts for state, texts in news.items() if texts}


def analyse_on_commit(need: Need) -> None:
    """Read the need once its text is safe; an error of the reader is logged and loses nothing."""
    transaction.on_commit(lambda: need_analyse(need=need), robust=True)


def need_analyse(*, need: Need) -> bool:
    """Read the need's texts and keep what is found beside what people decided. Safe to repeat.

    False where the need changed meanwhile: whoever changed it has it read again.
    """
    texts = need_texts(need)
    elements = merged(find_elements(texts), stored_elements(need), texts)
    clarity = assess_clarity(said_by(need, [e for e in elements if e.state in COUNTED]))
    with transaction.atomic():
        unchanged = Need.objects.filter(pk=need.pk, version=need.version)
        read = {"analysed_version": need.version, "clarity_points": clarity.score if clarity else None}
        if not unchanged.update(**read):
            return False
        for name, value in read.items():
            setattr(need, name, value)
        _write(need, elements)
    return True


def _write(need: Need, elements: Iterable[ElementValues]) -> None:
    NeedElement.objects.filter(need=need).delete()
    NeedElement.objects.bulk_create(
        NeedElement(need=need, position=position, **_columns(element)) for position, element in enumerate(elements)
    )
    need.__dict__.pop("_prefetched_objects_cache", None)  # it may hold the elements as they were


def _columns(element: ElementValues) -> dict[str, object]:
    return {name: getattr(element, name) for name in ElementValues.__dataclass_fields__}
