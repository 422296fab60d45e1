"""How many capabilities may suit a draft: asked for once it has saved itself, then looked up until it is known."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from apps.matching.preview import has_words, preview_ask, preview_read
from apps.matching.views.fragments import person, signed_in
from apps.needs.selectors import need_for

LAST_LOOK = "last"


@require_http_methods(["GET", "POST"])
@signed_in
def need_preview(request: HttpRequest, public_id: str) -> HttpResponse:
    """POST asks, GET looks. A page that has waited in vain asks once more, later, and then lets it be."""
    user = person(request)
    need = need_for(user, public_id)
    if need is None:
        raise Http404
    preview = (preview_ask if request.method == "POST" else preview_read)(need=need, by=user)
    context = {
        "public_id": need.public_id,
        "preview": preview,
        "has_words": has_words(need),
        "is_last": LAST_LOOK in request.GET,
    }
    return render(request, "matching/_preview.html", context)
