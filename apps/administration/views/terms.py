"""The vocabularies: looked at by staff, kept by administrators."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.selectors import is_administrator
from apps.accounts.views.signed_in import signed_in
from apps.administration import term_tree
from apps.administration.forms.terms import AliasForm, MergeTargetForm, TermForm
from apps.administration.selectors import history_of
from apps.administration.services.merging import can_merge, term_merge, usage_of
from apps.administration.trail.lines import lines
from apps.administration.views.guards import for_administrators, for_staff
from apps.core.errors import StateConflict
from apps.core.forms import renew
from apps.core.validators import clean_text
from apps.taxonomy import services
from apps.taxonomy.models import Alias, Term, Vocabulary

TREES_PER_PAGE = 12
TERMS_PER_PAGE = 50


@for_staff
@require_safe
def vocabularies(request: HttpRequest) -> HttpResponse:
    rows = Term.objects.order_by().values("vocabulary")
    counts = {
        row["vocabulary"]: row
        for row in rows.annotate(
            used=Count("pk", filter=Q(is_active=True)), retired=Count("pk", filter=Q(is_active=False))
        )
    }
    found = [(one.value, one.label, counts.get(one.value, {"used": 0, "retired": 0})) for one in Vocabulary]
    return render(request, "office/vocabularies.html", {"vocabularies": found, "section": "terms"})


@for_staff
@require_safe
def vocabulary(request: HttpRequest, name: str) -> HttpResponse:
    """As trees; as a list where something is looked for."""
    if name not in Vocabulary.values:
        raise Http404
    words, only = clean_text(request.GET.get("q", ""))[:60].strip(), request.GET.get("only", "")
    context: dict[str, Any] = {
        "vocabulary": Vocabulary(name),
        "words": words,
        "is_retired": only == term_tree.RETIRED,
        "may_change": is_administrator(request.user),
        "section": "terms",
    }
    if words or only:
        rows = term_tree.found(name, words=words, only=only)
        context["page"] = Paginator(rows, TERMS_PER_PAGE).get_page(request.GET.get("page"))
        return render(request, "office/vocabulary_found.html", context)
    context["page"] = Paginator(term_tree.trees(name), TREES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "office/vocabulary.html", context)


@for_administrators
@require_http_methods(["GET", "POST"])
def term_add(request: HttpRequest, name: str) -> HttpResponse:
    if name not in Vocabulary.values:
        raise Http404
    form = TermForm(request.POST or None, vocabulary=name)
    if request.method == "POST" and form.is_valid():
        row = _tried(form, lambda: services.term_add(by=signed_in(request), vocabulary=name, **form.cleaned_data))
        if row is not None:
            messages.success(request, _("已新增“%(name)s”。") % {"name": row})
            return redirect("office:term", row.pk)
    context = {"form": form, "vocabulary": Vocabulary(name), "section": "terms"}
    return render(request, "office/term_add.html", context)


def _tried(form: Any, act: Callable[[], Any]) -> Any:
    """What the service made; None where it refused, with its reasons beside the fields."""
    try:
        return act()
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            for field, errors in error.error_dict.items():
                form.add_error(field if field in form.fields else None, errors)
        else:
            form.add_error(None, error)
        return None


@for_staff
@require_http_methods(["GET", "POST"])
def term(request: HttpRequest, pk: int) -> HttpResponse:
    row = _term(pk)
    form = TermForm(request.POST or None, vocabulary=row.vocabulary, term=row)
    if request.method == "POST" and form.is_valid():
        by, fields = signed_in(request), dict(form.cleaned_data)
        seen = fields.pop("seen")
        try:
            if _tried(form, lambda: services.term_update(term=row, by=by, fields=fields, seen=seen)) is not None:
                messages.success(request, _("词条已保存。"))
                return redirect("office:term", pk)
        except StateConflict:
            row = _term(pk)
            _tell_overtaken(form, row)
    return _page(request, row, form=form)


def _tell_overtaken(form: TermForm, now: Term) -> None:
    """What was typed stays; beside each field that differs it is told what is stored, and sent again it replaces it."""
    form.add_error(None, _("这个词条刚刚被他人修改。您填写的还在下面；请核对标出的几项，再次保存就会替换。"))
    stored = TermForm(vocabulary=now.vocabulary, term=now).initial
    for name in set(stored) - {"seen"}:
        if str(form.data.get(name, "")) != str(stored[name]):
            form.add_error(name, _("现在是“%(stored)s”。") % {"stored": stored[name]})
    renew(form, "seen", now.revision)


def _page(request: HttpRequest, row: Term, **forms: Any) -> HttpResponse:
    context = {
        "term": row,
        "aliases": row.aliases.order_by("id"),
        "usage": usage_of(row),
        "form": forms.get("form") or TermForm(vocabulary=row.vocabulary, term=row),
        "alias_form": forms.get("alias_form") or AliasForm(auto_id="id_alias_%s"),
        "target_form": forms.get("target_form") or MergeTargetForm(vocabulary=row.vocabulary),
        "history": lines(history_of(row)),
        "may_change": is_administrator(request.user),
        "section": "terms",
    }
    return render(request, "office/term.html", context)


@for_administrators
@require_POST
def set_active(request: HttpRequest, pk: int) -> HttpResponse:
    row, is_active = _term(pk), request.POST.get("active") == "1"
    seen = request.POST.get("seen", "")
    services.term_set_active(term=row, by=signed_in(request), is_active=is_active, seen=seen)
    text = _("“%(name)s”已重新启用。") if is_active else _("“%(name)s”已停用：不再供选择，已使用它的记录保持不变。")
    messages.success(request, text % {"name": row})
    return redirect("office:term", pk)


@for_administrators
@require_POST
def alias_add(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _term(pk), AliasForm(request.POST, auto_id="id_alias_%s")
    if form.is_valid():
        by, text = signed_in(request), form.cleaned_data["text"]
        _tried(form, lambda: services.alias_add(term=row, by=by, text=text))
    if form.errors:
        return _page(request, row, alias_form=form)
    messages.success(request, _("别名已添加。"))
    return redirect("office:term", pk)


@for_administrators
@require_POST
def alias_remove(request: HttpRequest, pk: int, alias: int) -> HttpResponse:
    row = get_object_or_404(Alias.objects.select_related("term"), pk=alias, term=pk)
    services.alias_remove(alias=row, by=signed_in(request))
    messages.success(request, _("别名“%(text)s”已删除。") % {"text": row.text})
    return redirect("office:term", pk)


@for_administrators
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows what would be moved; POST moves it, with the term's name typed."""
    row = _term(pk)
    target = MergeTargetForm(request.POST or request.GET, vocabulary=row.vocabulary)
    if not target.is_valid():
        return _page(request, row, target_form=target)
    into = target.cleaned_data["into"]
    decision = can_merge(row, into)
    if not decision:
        target.add_error("into", str(decision.reason))
        return _page(request, row, target_form=target)
    if request.method == "POST":
        counts = term_merge(term=row, into=into, by=signed_in(request), typed=request.POST.get("typed", ""))
        text = _("“%(name)s”已并入“%(into)s”，改写了 %(count)d 条记录。")
        messages.success(request, text % {"name": row, "into": into, "count": sum(counts.values())})
        return redirect("office:term", into.pk)
    context = {"term": row, "into": into, "usage": usage_of(row), "aliases": row.aliases.all(), "section": "terms"}
    return render(request, "office/term_merge.html", context)


def _term(pk: int) -> Term:
    return get_object_or_404(Term.objects.select_related("parent", "merged_into"), pk=pk)
