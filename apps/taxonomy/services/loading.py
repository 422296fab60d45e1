"""Loading the vocabularies. What an administrator retired, edited, merged or added stays as she left it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from apps.taxonomy.models import Alias, PainPoint, Term
from apps.taxonomy.seed_files import SeedError, SeedPainPoint, SeedTerm

Key = tuple[str, str]  # vocabulary and code
SEEDED_FIELDS = ("name", "name_en", "description", "position")


@dataclass(slots=True)
class LoadReport:
    """How many rows a load created, changed, and found as they should be."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def count(self, *, is_new: bool, is_changed: bool) -> None:
        if is_new:
            self.created += 1
        elif is_changed:
            self.updated += 1
        else:
            self.unchanged += 1


@transaction.atomic
def taxonomy_load(*, terms: Sequence[SeedTerm], pain_points: Iterable[SeedPainPoint] = ()) -> LoadReport:
    """Make the vocabularies say what the seeds say; a second run changes nothing. SeedError names the bad line."""
    report = LoadReport()
    known = {(term.vocabulary, term.code): term for term in Term.objects.select_related("merged_into")}
    new = {(seed.vocabulary, seed.code) for seed in terms} - known.keys()
    changed = {(seed.vocabulary, seed.code) for seed in terms if _apply(seed, known)}
    with_parent = _set_parents(terms, known)
    with_alias = _add_aliases(terms, known)
    for seed in terms:
        key = (seed.vocabulary, seed.code)
        report.count(is_new=key in new, is_changed=key in changed | with_parent | with_alias)
    for point in pain_points:
        _load_pain_point(point, known, report)
    return report


def _apply(seed: SeedTerm, known: dict[Key, Term]) -> bool:
    """Create the term or update its own fields; whether anything was written."""
    key = (seed.vocabulary, seed.code)
    term = known.setdefault(key, Term(vocabulary=seed.vocabulary, code=seed.code))
    if _is_the_citys(term):
        return False
    values = {name: getattr(seed, name) for name in SEEDED_FIELDS}
    if term.pk and all(getattr(term, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(term, name, value)
    try:
        term.clean_fields(exclude={"parent"})
    except ValidationError as error:
        raise SeedError(f"{seed.place}: {'; '.join(error.messages)}") from error
    term.save()
    return True


def _is_the_citys(term: Term) -> bool:
    return term.edited_at is not None or term.merged_into_id is not None


def _meant(term: Term) -> Term:
    """The term that stands for one that was merged away."""
    seen = {term.pk}
    while term.merged_into is not None and term.merged_into_id not in seen:
        term = term.merged_into
        seen.add(term.pk)
    return term


def _set_parents(terms: Sequence[SeedTerm], known: dict[Key, Term]) -> set[Key]:
    """Parents come second: a term may stand before its parent, or in another vocabulary."""
    changed = set()
    for seed in terms:
        parent = _meant(_find(seed.parent, seed, known)) if seed.parent else None
        term = known[seed.vocabulary, seed.code]
        if not _is_the_citys(term) and term.parent_id != (parent.pk if parent else None):
            term.parent = parent
            term.save(update_fields=["parent"])
            changed.add((seed.vocabulary, seed.code))
    return changed


def _find(code: str, seed: SeedTerm, known: dict[Key, Term]) -> Term:
    """A parent in the term's own vocabulary, else in the one of chains, fields and tags that has it."""
    for vocabulary in (seed.vocabulary, "industry_chain", "tech_field", "tag"):
        if found := known.get((vocabulary, code)):
            return found
    raise SeedError(f"{seed.place}: parent {code} is in no vocabulary")


def _add_aliases(terms: Sequence[SeedTerm], known: dict[Key, Term]) -> set[Key]:
    """Aliases are added, never removed: the others are an administrator's."""
    present = set(Alias.objects.values_list("term_id", "text"))
    missing = [
        (seed, Alias(term=known[seed.vocabulary, seed.code], text=text))
        for seed in terms
        for text in dict.fromkeys(seed.aliases)
        if not _is_the_citys(known[seed.vocabulary, seed.code])
        and (known[seed.vocabulary, seed.code].pk, text) not in present
    ]
    for seed, alias in missing:
        try:
            alias.clean_fields()
        except ValidationError as error:
            raise SeedError(f"{seed.place}: {'; '.join(error.messages)}") from error
    Alias.objects.bulk_create(alias for _seed, alias in missing)
    return {(seed.vocabulary, seed.code) for seed, _alias in missing}


def _load_pain_point(seed: SeedPainPoint, known: dict[Key, Term], report: LoadReport) -> None:
    try:
        chain, need_type = _meant(known["industry_chain", seed.chain]), _meant(known["need_type", seed.need_type])
        tags = {_meant(known["tag", code]) for code in seed.tags}
    except KeyError as error:
        raise SeedError(f"{seed.place}: {error} is in no vocabulary") from error
    values = {
        "chain": chain,
        "need_type": need_type,
        "title": seed.title,
        "symptom": seed.symptom,
        "need_title": seed.need_title,
        "need_goal": seed.need_goal,
    }
    point = PainPoint.objects.filter(code=seed.code).first() or PainPoint(code=seed.code)
    is_new = point.pk is None
    is_changed = is_new or any(getattr(point, name) != value for name, value in values.items())
    if is_changed:
        for name, value in values.items():
            setattr(point, name, value)
        try:
            point.clean_fields()
        except ValidationError as error:
            raise SeedError(f"{seed.place}: {'; '.join(error.messages)}") from error
        point.save()
    if set(point.tags.all()) != tags:
        point.tags.set(tags)
        is_changed = True
    report.count(is_new=is_new, is_changed=is_changed)
