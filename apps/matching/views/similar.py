"""A word to whoever lists a thing twice, and to those who review it: fragments of a row's own pages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.selectors import organisation_of
from apps.capabilities.models import Capability
from apps.matching.fingerprints import Row, side_name
from apps.matching.permissions import may_see_proposals_of
from apps.matching.similar import look_alikes
from apps.matching.views.fragments import person, signed_in
from apps.needs.models import Need


@require_safe
@signed_in
@never_cache
def need_look_alikes(request: HttpRequest, public_id: str) -> HttpResponse:
    return _shown(request, get_object_or_404(Need.objects.visible_to(request.user), public_id=public_id))


@require_safe
@signed_in
@never_cache
def capability_look_alikes(request: HttpRequest, public_id: str) -> HttpResponse:
    return _shown(request, get_object_or_404(Capability.objects.visible_to(request.user), public_id=public_id))


def _shown(request: HttpRequest, row: Row) -> HttpResponse:
    if not may_see_proposals_of(request.user, row.organisation_id):
        raise Http404
    own = organisation_of(request.user)
    context = {
        "look_alikes": look_alikes(row, person(request)),
        "kind": side_name(type(row)),
        "is_own": own is not None and own.pk == row.organisation_id,
    }
    return render(request, "matching/_look_alikes.html", context)
