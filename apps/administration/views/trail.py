"""Searching the trail."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.administration.forms.trail import TrailFilter
from apps.administration.trail.lines import lines
from apps.administration.trail.search import trail, trail_page
from apps.administration.views.guards import for_administrators


@for_administrators
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    form = TrailFilter(request.GET)
    is_valid = form.is_valid()
    rows = trail(form.cleaned_data) if is_valid else trail({}).none()
    page = trail_page(rows, request.GET.get("after", ""))
    query = {name: value for name, value in request.GET.items() if value and name != "after"}
    context = {
        "form": form,
        "lines": lines(page.entries),
        "is_views": form.cleaned_data.get("what") == "views",
        "is_narrowed": bool(set(query) - {"what"}),
        "is_later_page": bool(request.GET.get("after")),
        "query": urlencode(query),
        "older": urlencode(query | {"after": page.older}) if page.older else "",
        "section": "trail",
    }
    return render(request, "office/trail.html", context)
