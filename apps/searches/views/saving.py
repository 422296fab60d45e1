"""Keeping the filter of a list."""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.views.signed_in import signed_in
from apps.searches.forms import NameForm
from apps.searches.lists import list_of, read
from apps.searches.selectors import filtered_address
from apps.searches.services import search_save

LONGEST_QUERY = 2_000


@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """From the list: `list` and `query`, its filter as the address had it, and a name. Back to the list afterwards."""
    source = list_of(request.POST.get("list", ""))
    if source is None:
        raise BadRequest
    query = request.POST.get("query", "")[:LONGEST_QUERY]
    given = dict(parse_qsl(query))
    form = NameForm(request.POST)
    if not form.is_valid():
        words = read(source, given, signed_in(request)).words
        return render(request, "searches/save.html", {"form": form, "source": source, "query": query, "words": words})
    search = search_save(source=source, params=given, by=signed_in(request), name=form.cleaned_data["name"])
    messages.success(request, _("已保存“%(name)s”，有新内容会通知您。") % {"name": search.name})
    return redirect(filtered_address(source.url_name, search.params) or "searches:mine")
