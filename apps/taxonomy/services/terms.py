"""What administrators do with terms: add, edit, retire, name otherwise. Merging is `apps.administration`'s."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from apps.core import audit, clock
from apps.core.errors import DomainError, NotAllowed, StateConflict
from apps.taxonomy.models import Alias, Term
from apps.taxonomy.selectors import ENGINE_VOCABULARIES

EDITED = ("name", "name_en", "parent", "description", "position")


def require_administrator(by: models.Model | None) -> None:
    if not getattr(by, "is_administrator", False):
        raise NotAllowed(_("词表由平台管理员维护。"))


@transaction.atomic
def term_add(*, by: models.Model, vocabulary: str, code: str, name: str, **fields: Any) -> Term:
    """`fields` are any of EDITED. ValidationError by field; the seeds will leave the term alone."""
    require_administrator(by)
    term = Term(vocabulary=vocabulary, code=code, name=name, edited_at=clock.now(), **fields)
    _refuse_shared_code(term)
    _refuse_own_line(term)
    term.full_clean()
    _refuse_taken_name(name, field="name", vocabulary=vocabulary)
    term.save(force_insert=True)
    audit.record(term, "term.added", by=by, changes={"name": name, "vocabulary": vocabulary})
    return term


def _refuse_shared_code(term: Term) -> None:
    """The matcher knows chains, fields and tags by their codes alone."""
    if term.vocabulary not in ENGINE_VOCABULARIES:
        return
    if Term.objects.filter(vocabulary__in=ENGINE_VOCABULARIES, code=term.code).exists():
        raise ValidationError({"code": _("产业链、技术领域和标签共用代码，这个代码已被使用。")})


def _refuse_taken_name(text: str, *, field: str, vocabulary: str, own: int = 0) -> None:
    """Imports and the matcher know a term by its names: each is one term's of the vocabulary, or that of key `own`."""
    others = Term.objects.filter(vocabulary=vocabulary, merged_into=None).exclude(pk=own)
    named = others.filter(models.Q(name=text) | models.Q(aliases__text=text)).first()
    if named is not None:
        raise ValidationError({field: _("“%(text)s”已经是“%(term)s”的名称或别名。") % {"text": text, "term": named}})


def _refuse_own_line(term: Term) -> None:
    above, steps = term.parent, 0
    while above is not None and steps < 100:
        if above.pk == term.pk and term.pk is not None:
            raise ValidationError({"parent": _("不能把词条放在它自己或它的下级之下。")})
        above, steps = above.parent, steps + 1


@transaction.atomic
def term_update(
    *, term: Term, by: models.Model, fields: dict[str, Any], is_active: bool | None = None, seen: str = ""
) -> Term:
    """Change `fields`, any of EDITED; the old name stays findable as an alias. ValidationError by field.

    With `is_active` it is retired, or brought back, as well.

    StateConflict where it is not the `Term.revision` any more that the person had before them (`seen`).
    """
    require_administrator(by)
    row = _held(term)
    _require_seen(row, seen)
    if is_active is not None:
        term_set_active(term=row, by=by, is_active=is_active)
    changes = {name: [getattr(row, name), value] for name, value in fields.items() if getattr(row, name) != value}
    if not changes:
        return row
    for name in changes:
        setattr(row, name, fields[name])
    _refuse_own_line(row)
    row.edited_at = clock.now()
    row.full_clean()
    if "name" in changes:
        _refuse_taken_name(row.name, field="name", vocabulary=row.vocabulary, own=row.pk)
    row.save(update_fields=[*changes, "edited_at"])
    if "name" in changes:
        Alias.objects.get_or_create(term=row, text=changes["name"][0])
    audit.record(row, "term.edited", by=by, changes=changes)
    return row


def _held(term: Term) -> Term:
    """The term as it is now, and so until the end of the transaction; who merges it at the moment is waited for."""
    row = Term.objects.select_for_update(no_key=True).get(pk=term.pk)
    if row.merged_into_id is not None:
        raise DomainError(_("该词条已并入另一词条，不能再修改。"))
    return row


def _require_seen(row: Term, seen: str) -> None:
    if seen and seen != row.revision:
        raise StateConflict(_("这个词条刚刚被他人修改，请看过现在的内容后再改。"))


@transaction.atomic
def term_set_active(*, term: Term, by: models.Model, is_active: bool, seen: str = "") -> None:
    """Retire a term, or bring it back; rows that have it keep it either way. StateConflict as of `term_update`."""
    require_administrator(by)
    row = _held(term)
    _require_seen(row, seen)
    if row.is_active == is_active:
        return
    row.is_active = term.is_active = is_active
    row.save(update_fields=["is_active"])
    audit.record(term, "term.brought_back" if is_active else "term.retired", by=by)


@transaction.atomic
def alias_add(*, term: Term, by: models.Model, text: str) -> None:
    """ValidationError for a name that the term, or another of the vocabulary, has already."""
    require_administrator(by)
    _held(term)
    text = text.strip()
    alias = Alias(term=term, text=text)
    alias.clean_fields()
    _refuse_taken_name(text, field="text", vocabulary=term.vocabulary)
    alias.save()
    _touch(term)
    audit.record(term, "term.alias_added", by=by, changes={"alias": text})


@transaction.atomic
def alias_remove(*, alias: Alias, by: models.Model) -> None:
    """The seeds will not bring it back."""
    require_administrator(by)
    term, text = _held(alias.term), alias.text
    alias.delete()
    _touch(term)
    audit.record(term, "term.alias_removed", by=by, changes={"alias": text})


def _touch(term: Term) -> None:
    Term.objects.filter(pk=term.pk).update(edited_at=clock.now())
