"""A word to the owner of an ended need for which something has come: a fragment of the need's page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.selectors import organisation_of
from apps.matching.prospects import revival_of
from apps.matching.views.fragments import signed_in
from apps.needs.models import Need


@require_safe
@signed_in
@never_cache
def need_prospects(request: HttpRequest, public_id: str) -> HttpResponse:
    """For the need's own organisation only; to everybody else there is no such page."""
    need = get_object_or_404(Need, public_id=public_id, organisation=organisation_of(request.user))
    return render(request, "matching/_revival.html", {"revival": revival_of(need, request.user)})
