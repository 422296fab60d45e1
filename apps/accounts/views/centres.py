"""云上研发中心: the enterprise's own, and the list of all."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.centre_forms import CentreFilters, CentreForm, OpeningForm
from apps.accounts.models import CloudCentre, Organisation, OrganisationKind
from apps.accounts.permissions import can_open_centre
from apps.accounts.selectors import centre_of, organisation_of, public_centres
from apps.accounts.services import cloud_centre_change, cloud_centre_open
from apps.accounts.services.centres import CONTENT
from apps.accounts.views.signed_in import signed_in
from apps.core.errors import StateConflict
from apps.core.forms import renew
from apps.core.overtaken import overtaken

PER_PAGE = 20


@require_safe
def centres(request: HttpRequest) -> HttpResponse:
    filters = CentreFilters(request.GET)
    page = Paginator(filters.narrow(public_centres()), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/centres.html", {"filters": filters, "page": page})


@login_required
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """Open it, or change what it says; everybody else of the enterprise reads it."""
    organisation = organisation_of(signed_in(request))
    if organisation is None or organisation.kind != OrganisationKind.ENTERPRISE:
        raise Http404
    centre = centre_of(organisation)
    if request.method == "POST":
        return _open(request, organisation) if centre is None else _change(request, organisation, centre)
    form = CentreForm(instance=centre, initial={"seen": centre.revision}) if centre else OpeningForm()
    return _page(request, organisation, centre, form)


def _open(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    form = OpeningForm(request.POST)
    if not form.is_valid():
        return _page(request, organisation, None, form)
    cloud_centre_open(organisation=organisation, by=signed_in(request), values=form.values())
    messages.success(request, _("云上研发中心已开通。接下来，从最头疼的一个技术问题开始吧。"))
    return redirect("accounts:centre")


def _change(request: HttpRequest, organisation: Organisation, centre: CloudCentre) -> HttpResponse:
    form = CentreForm(request.POST, instance=CloudCentre.objects.get(pk=centre.pk))
    if not form.is_valid():
        return _page(request, organisation, centre, form)
    values, seen = form.values(), form.cleaned_data["seen"]
    try:
        cloud_centre_change(centre=centre, by=signed_in(request), values=values, seen=seen)
    except StateConflict:
        stored = CloudCentre.objects.get(pk=centre.pk)
        renew(form, "seen", stored.revision)
        return _page(request, organisation, centre, form, overtaken=overtaken(stored, CONTENT, values, None))
    messages.success(request, _("云上研发中心的信息已保存。"))
    return redirect("accounts:centre")


def _page(
    request: HttpRequest, organisation: Organisation, centre: CloudCentre | None, form: Any, **context: object
) -> HttpResponse:
    may_open = can_open_centre(signed_in(request), organisation)
    return render(request, "accounts/centre.html", {"centre": centre, "form": form, "may_open": may_open} | context)
