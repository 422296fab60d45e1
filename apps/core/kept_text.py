"""A form sent after the session ended: what was typed waits in the new session until its writer has signed in.

Long forms are filled in again (`keep_and_sign_in`, `take_kept`); of any other, the texts are shown above its page.
"""

from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict

SESSION_KEY, TEXTS_KEY = "kept_form", "kept_texts"
SHORTEST_TEXT = 10  # what is shorter is typed again sooner than copied
LONGEST_KEPT = 120_000  # signs of the encoded form: several times what a full form has; visitors could fill the disk


def keep_and_sign_in(request: HttpRequest) -> HttpResponse:
    """Send the person to the sign-in page, and back to the form afterwards."""
    typed = request.POST.urlencode()
    if request.method == "POST" and len(typed) <= LONGEST_KEPT:
        request.session[SESSION_KEY] = {"path": request.path, "typed": typed}
    return redirect_to_login(request.get_full_path())


def take_kept(request: HttpRequest) -> QueryDict | None:
    """What was kept for this page; only once."""
    kept = request.session.get(SESSION_KEY)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[SESSION_KEY]
    return QueryDict(kept["typed"])


def keep_texts_and_sign_in(request: HttpRequest, came_from: str) -> HttpResponse:
    """As above, for a form whose own address shows no page: back to where it stood."""
    page = urlsplit(came_from)
    texts = [
        value
        for name, values in request.POST.lists()
        for value in values
        if len(value) >= SHORTEST_TEXT and not name.startswith(("csrf", "password", "seen", "form_key"))
    ]
    if texts and len(request.POST.urlencode()) <= LONGEST_KEPT:
        request.session[TEXTS_KEY] = {"page": page.path, "texts": texts}
    return redirect_to_login(page._replace(scheme="", netloc="", fragment="").geturl())


def typed_before(request: HttpRequest) -> dict[str, list[str]]:
    """For every page: the texts that were kept for it; only once, and to nobody who has not signed in."""
    kept = request.session.get(TEXTS_KEY) if hasattr(request, "session") else None
    if not kept or kept["page"] != request.path or not request.user.is_authenticated:
        return {}
    del request.session[TEXTS_KEY]
    return {"typed_before": kept["texts"]}
