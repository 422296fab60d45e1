"""Merging one term into another: every reference of every app moves, in one transaction.

The references are read from the relations of `Term`, so that a table that comes later is moved too; only the ways of
cooperation are also named by their codes, in the details of capabilities. The old term stays as a retired row that
points to the new one: whoever still holds it (a form that was open, an import under way, the seeds of a later version)
is led there, at once or by `merged_terms_settle`, some minutes later.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.administration.permissions import can_administer
from apps.capabilities.models import Capability
from apps.capabilities.services.transfer_modes import mode_replace, named_modes
from apps.core import audit, clock
from apps.core.decisions import ALLOWED, Decision, refused
from apps.core.errors import DomainError, StateConflict
from apps.matching.index import changes
from apps.matching.models import Priority, RowKind
from apps.matching.requests import request_for_capability, request_for_needs
from apps.needs.models import Need
from apps.taxonomy.models import Alias, Term, Vocabulary

MOST_ASKED_SINGLY = 100
"""Of so many capabilities each asks which needs it fits; with more, every open need is matched again: cheaper."""
OWN = (Term, Alias)
Keys = dict[type[models.Model], set[int]]


@dataclass(frozen=True, slots=True)
class Reference:
    """A column of a table that names a term; `rows_of` is the model whose rows people know it by."""

    model: type[models.Model]
    column: str
    rows_of: type[models.Model]
    owner_column: str

    @property
    def is_between(self) -> bool:
        """Whether the table only ties rows to terms (many to many)."""
        return self.model is not self.rows_of


def references() -> Iterator[Reference]:
    """Every column that refers to a term, those of the vocabularies themselves excepted."""
    for relation in Term._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        model, column = relation.field.model, relation.field.name
        if model in OWN:
            continue
        if not model._meta.auto_created:
            yield Reference(model, column, model, "pk")
            continue
        tie = next(f for f in model._meta.fields if isinstance(f, models.ForeignKey) and f.related_model is not Term)
        yield Reference(model, column, _rows_of(model), tie.attname)


def _rows_of(between: type[models.Model]) -> type[models.Model]:
    """The model whose list of terms the table keeps."""
    rows: Any = between._meta.auto_created
    assert rows, between  # noqa: S101  (only tables that Django made arrive here)
    return rows  # type: ignore[no-any-return]  # the stubs say bool


def usage_of(term: Term) -> list[tuple[str, int]]:
    """How many rows of each kind name the term; kinds without any are left out."""
    found: Keys = {}
    for reference in references():
        found.setdefault(reference.rows_of, set()).update(_owners(reference, term))
    if term.vocabulary == Vocabulary.COOPERATION_MODE:
        found.setdefault(Capability, set()).update(named_modes([term.code]).get(term.code, ()))
    counts = [(str(model._meta.verbose_name_plural), len(keys)) for model, keys in found.items() if keys]
    return sorted(counts, key=lambda pair: -pair[1])


def _owners(reference: Reference, term: Term) -> Iterable[int]:
    rows = reference.model._default_manager.filter(**{reference.column: term})
    return rows.values_list(reference.owner_column, flat=True)


def can_merge(term: Term, into: Term) -> Decision:
    if term.pk == into.pk or term.vocabulary != into.vocabulary:
        return refused(_("请选择同一词表中的另一个词条。"))
    if term.merged_into_id is not None:
        return refused(_("该词条已经并入另一词条。"))
    if not into.is_active:
        return refused(_("目标词条已停用，请先启用它，或选择另一个词条。"))
    above = into.parent.parent if into.parent else None
    while above is not None:  # its direct child takes its place; one further below would hang in the air
        if above.pk == term.pk:
            return refused(_("不能并入自己下级的下级，请先调整上下级关系。"))
        above = above.parent
    return ALLOWED


@transaction.atomic
def term_merge(*, term: Term, into: Term, by: User, typed: str) -> dict[str, int]:
    """Move every reference from `term` to `into`; how many rows of each kind. It cannot be undone: `typed` is its name.

    DomainError where they cannot be merged; StateConflict where somebody merged or retired one of them meanwhile.
    """
    can_administer(by).require()
    if typed.strip() != term.name:
        raise DomainError(_("输入的名称与要合并的词条不一致，未做任何改动。"))
    # In the order of keys, so that two who merge crosswise do not wait for each other. Not `no_key`: who is about to
    # write a reference waits, and is found by the sweep.
    held = {row.pk: row for row in Term.objects.select_for_update().filter(pk__in=(term.pk, into.pk)).order_by("pk")}
    term, into = held[term.pk], held[into.pk]
    if term.merged_into_id is not None or not into.is_active:
        raise StateConflict(_("其中一个词条刚刚被合并或停用，请刷新后再看。"))
    can_merge(term, into).require()
    _move_own(term, into)
    moved = _move(term, into)
    counts = {str(model._meta.verbose_name_plural): len(keys) for model, keys in moved.items() if keys}
    audit.record(term, "term.merged", by=by, changes={"into": into.code, "name": into.name, "rows": counts})
    return counts


def _move_own(term: Term, into: Term) -> None:
    """Names, children and earlier merges go along; the term itself is retired."""
    if into.parent_id == term.pk:
        Term.objects.filter(pk=into.pk).update(parent=term.parent_id)
    Term.objects.filter(parent=term).exclude(pk=into.pk).update(parent=into, edited_at=clock.now())
    Term.objects.filter(merged_into=term).update(merged_into=into)
    Term.objects.filter(pk=into.pk).update(edited_at=clock.now())
    names = {term.name, *term.aliases.values_list("text", flat=True)} - {into.name}
    Alias.objects.filter(term=term).delete()
    Alias.objects.bulk_create([Alias(term=into, text=name) for name in sorted(names)], ignore_conflicts=True)
    Term.objects.filter(pk=term.pk).update(merged_into=into, is_active=False)


def _move(term: Term, into: Term) -> Keys:
    """Point every reference to `into`; the rows touched, by kind. Inside a transaction."""
    moved: Keys = {}
    for reference in references():
        keys = set(_owners(reference, term))
        if keys:
            _repoint(reference, term, into)
            moved.setdefault(reference.rows_of, set()).update(keys)
    if term.vocabulary == Vocabulary.COOPERATION_MODE:
        moved.setdefault(Capability, set()).update(mode_replace(code=term.code, by_code=into.code))
    rows_read_again(moved)
    return moved


def _repoint(reference: Reference, term: Term, into: Term) -> None:
    rows = reference.model._default_manager
    if reference.is_between:
        owner, column = reference.owner_column, reference.column
        both = rows.filter(**{column: into}).values(owner)
        rows.filter(**{column: term, f"{owner}__in": both}).delete()
    try:
        with transaction.atomic():
            rows.filter(**{reference.column: term}).update(**{reference.column: into})
    except IntegrityError:
        name = reference.model._meta.verbose_name_plural
        raise DomainError(_("“%(rows)s”中有记录同时使用两个词条，无法自动合并。") % {"rows": name}) from None


def rows_read_again(moved: Keys) -> None:
    """A need or capability that says something else has a new version: open forms are told, the matcher reads it."""
    needs = Need.objects.filter(pk__in=moved.get(Need, ()))
    capabilities = Capability.objects.filter(pk__in=moved.get(Capability, ()))
    for rows in (needs, capabilities):
        raised: Any = rows
        raised.update(version=F("version") + 1, updated_at=clock.now())
    open_needs, open_capabilities = list(needs.open()), list(capabilities.open())
    changes.record(RowKind.NEED, [need.pk for need in open_needs])
    changes.record(RowKind.CAPABILITY, [capability.pk for capability in open_capabilities])
    if len(open_capabilities) > MOST_ASKED_SINGLY:
        open_needs = list(Need.objects.open())
    else:
        for capability in open_capabilities:
            request_for_capability(capability, priority=Priority.BULK)
    request_for_needs(open_needs, priority=Priority.BULK)


def merged_terms_settle() -> int:
    """Move references to merged terms that were written while, or after, these were merged; how many rows."""
    left: set[int] = set()
    for reference in references():
        rows = reference.model._default_manager.filter(**{f"{reference.column}__merged_into__isnull": False})
        left.update(rows.values_list(reference.column, flat=True).distinct())
    merged_modes = Term.objects.filter(vocabulary=Vocabulary.COOPERATION_MODE, merged_into__isnull=False)
    keys_of = dict(merged_modes.values_list("code", "pk"))
    left.update(keys_of[code] for code in named_modes(keys_of))
    count = 0
    for term in Term.objects.filter(pk__in=left).select_related("merged_into"):
        if term.merged_into is not None:
            with transaction.atomic():
                count += sum(len(keys) for keys in _move(term, term.merged_into).values())
    return count
