"""Looking further for a need: the form of the conditions, what was found, and picking from it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.capabilities.models import Capability
from apps.core.errors import NotAllowed, StateConflict
from apps.matching.lookup.asking import MOST_FOUND, Lookup, lookup_ask, lookup_read
from apps.matching.lookup.conditions import Conditions
from apps.matching.lookup.forms import LookupForm
from apps.matching.lookup.presentation import found_views
from apps.matching.lookup.services import proposal_pick
from apps.matching.permissions import can_look_further, can_pick
from apps.matching.views.fragments import person, signed_in, wants_fragment
from apps.matching.views.lists import need_or_404
from apps.needs.models import Need


@require_safe
@signed_in
@never_cache
def need_lookup(request: HttpRequest, public_id: str) -> HttpResponse:
    """The form; and once something is chosen, what was found, or a place where it will appear."""
    need = need_or_404(request, public_id)
    form = LookupForm(request.GET)
    context: dict[str, Any] = {"need": need, "form": form, "refusal": can_look_further(person(request), need).reason}
    if form.is_valid() and (conditions := form.conditions()) and not context["refusal"]:
        lookup = lookup_ask(need=need, conditions=conditions, by=person(request))
        context |= _shown(request, need, conditions, lookup)
    return render(request, "matching/need_lookup.html", context)


@require_safe
@signed_in
@never_cache
def need_lookup_found(request: HttpRequest, public_id: str) -> HttpResponse:
    """What a waiting page looks at until it is known. Opened by itself it leads to the page."""
    need = need_or_404(request, public_id)
    form = LookupForm(request.GET)
    if not wants_fragment(request) or not form.is_valid():
        return redirect(f"{reverse('matching:need_lookup', args=[public_id])}?{request.GET.urlencode()}")
    conditions = form.conditions()
    lookup = lookup_read(need=need, conditions=conditions, by=person(request))
    return render(request, "matching/_found.html", {"need": need, **_shown(request, need, conditions, lookup)})


@require_POST
@signed_in
def need_lookup_pick(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put one into the list; back to where it was found, with a sentence either way."""
    need = need_or_404(request, public_id)
    chosen = request.POST.get("capability", "").replace("\x00", "")
    capability = get_object_or_404(Capability.objects.visible_to(person(request)), public_id=chosen)
    try:
        proposal_pick(need=need, capability=capability, by=person(request))
    except (StateConflict, NotAllowed) as error:
        messages.error(request, str(error.message))
        return _back(request, public_id)
    messages.success(request, _("已加入推荐名单：%(title)s") % {"title": capability.title})
    return _back(request, public_id, f"#found-{capability.public_id}")


def _shown(request: HttpRequest, need: Need, conditions: Conditions, lookup: Lookup) -> dict[str, Any]:
    return {
        "lookup": lookup,
        "views": found_views(need, lookup.pairs, person(request)),
        "is_cut": len(lookup.pairs) == MOST_FOUND,
        "most": MOST_FOUND,
        "query": conditions.query(),
        "may_pick": can_pick(person(request), need),
    }


def _back(request: HttpRequest, public_id: str, place: str = "") -> HttpResponseRedirect:
    """To the conditions that were posted along; only valid ones, and never to another site."""
    form = LookupForm(request.GET)
    query = form.conditions().query() if form.is_valid() else ""
    return HttpResponseRedirect(f"{reverse('matching:need_lookup', args=[public_id])}?{query}{place}")
