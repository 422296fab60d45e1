"""The way out of a topic that each letter carries: no sign-in, one click."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.notifications.links import LinkExpired, read_unsubscription
from apps.notifications.services import topics_unsubscribe

GONE = 410


@csrf_exempt  # mail programs send the click for their readers (RFC 8058); the signed token is what counts
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, for programs that check mails open each link; the click does."""
    template = "notifications/unsubscribe.html"
    try:
        if request.method == "POST":
            return render(request, template, {"topics": topics_unsubscribe(token=token), "is_done": True})
        asked = read_unsubscription(token)
    except LinkExpired as error:
        return render(request, template, {"expired": error.message}, status=GONE)
    return render(request, template, {"topics": asked.topics})
