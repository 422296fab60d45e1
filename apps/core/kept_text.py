"""A form sent after the session ended: what was typed waits in the new session until its writer has signed in."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict

SESSION_KEY = "kept_form"
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
