"""Fragments that the form asks for while somebody types: saving by itself, ideas from the text, a search for tags."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.models import User
from apps.accounts.selectors import organisation_of
from apps.capabilities.models import CapabilityKind
from apps.capabilities.permissions import can_create
from apps.capabilities.sheet import Sheet
from apps.core import clock
from apps.core.errors import DomainError
from apps.core.indicator_forms import PREFIX
from apps.taxonomy.ideas import found_terms, ideas_for


@require_POST
def autosave(request: HttpRequest) -> HttpResponse:
    """Saves what is good of a draft and says so; the answer is one line, and the draft's address once it has one."""
    if not isinstance(request.user, User):
        return render(request, "sheet/_saved.html", {"is_signed_out": True})
    organisation, kind = organisation_of(request.user), request.POST.get("kind", "")
    if organisation is None:
        return render(request, "sheet/_saved.html", {"refusal": can_create(request.user).reason})
    if kind not in CapabilityKind.values:
        return HttpResponse(status=204)
    sheet = Sheet(kind=kind, organisation=organisation, user=request.user, data=request.POST)
    is_valid = sheet.is_valid
    if not sheet.has_words:
        return HttpResponse(status=204)
    try:
        capability = sheet.save_draft()
    except DomainError as error:
        return render(request, "sheet/_saved.html", {"refusal": error.message})
    context = {
        "version": capability.version,
        "saved_at": clock.now(),
        "problems": [] if is_valid else sheet.problems,
    }
    response = render(request, "sheet/_saved.html", context)
    response["HX-Replace-Url"] = reverse("capabilities:edit", args=[capability.public_id])
    return response


@require_POST
def suggest(request: HttpRequest) -> HttpResponse:
    """Tags and indicators found in the text, without those that the form has already."""
    if not isinstance(request.user, User):
        return HttpResponse(status=204)
    text = "\n".join(request.POST.get(name, "") for name in ("title", "value", "description"))
    chosen = request.POST.getlist("tags") + request.POST.getlist("tech_fields")
    named = [str(value) for key, value in request.POST.items() if key.startswith(PREFIX) and key.endswith("-name")]
    return render(
        request, "sheet/_ideas.html", {"ideas": ideas_for(text, chosen=chosen, named=named, side="capability")}
    )


@require_GET
def tags(request: HttpRequest) -> HttpResponse:
    """Tags and technical fields that a word finds."""
    words = request.GET.get("tag_words", "")
    found = found_terms(words) if isinstance(request.user, User) else []
    return render(request, "sheet/_found_tags.html", {"words": words.strip(), "found": found})
