"""The rows behind a number of what is on offer now."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from apps.stats.columns import CAPABILITY_COLUMNS, NEED_COLUMNS
from apps.stats.forms import read_question
from apps.stats.pages import PAGE_SIZE
from apps.stats.questions import Question
from apps.stats.stocks import open_capabilities, open_needs
from apps.stats.views import for_officials, shown, signed_in
from apps.taxonomy.models import Term, Vocabulary

LONGEST_CODE = 60


@for_officials
def stock_rows(request: HttpRequest, key: str) -> HttpResponse:
    _form, question = read_question(request.GET, signed_in(request))
    term = _term(request)
    label, columns, page_name, rows = _stock(key, question, term)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "label": label,
        "term": term,
        "columns": columns,
        "page": page,
        "page_name": page_name,
        "table": [(row.public_id, [shown(column.cell(row)) for column in columns]) for row in page],
        "asked": question.query(),
    }
    return render(request, "stats/stock.html", context)


def _stock(key: str, question: Question, term: Term | None) -> tuple[str, Any, str, QuerySet[Any]]:
    if key == "open-needs":
        return _("在榜需求"), NEED_COLUMNS, "needs:detail", open_needs(districts=question.districts, term=term)
    if key == "open-capabilities":
        return _("在架资源"), CAPABILITY_COLUMNS, "capabilities:detail", open_capabilities(term=term)
    raise Http404


def _term(request: HttpRequest) -> Term | None:
    """The chain or tag that was asked for; an unknown one narrows nothing."""
    code, vocabulary = request.GET.get("term", ""), request.GET.get("of", "")
    if "\x00" in code or len(code) > LONGEST_CODE or vocabulary not in (Vocabulary.INDUSTRY_CHAIN, Vocabulary.TAG):
        return None
    return Term.objects.filter(vocabulary=vocabulary, code=code).first()
