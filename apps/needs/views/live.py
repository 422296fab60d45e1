"""Fragments that the form asks for while somebody types: saving by itself, ideas from the text, a search for tags."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.models import User
from apps.accounts.selectors import organisation_of
from apps.core import clock
from apps.core.errors import DomainError
from apps.core.indicator_forms import PREFIX
from apps.needs.element_fields import ACTION, NewElement
from apps.needs.forms import AttachmentForm
from apps.needs.models import ElementKind
from apps.needs.permissions import can_post
from apps.needs.sheet import Sheet
from apps.needs.sheet_reading import reading_of
from apps.taxonomy.ideas import found_terms, ideas_for


@require_POST
def autosave(request: HttpRequest) -> HttpResponse:
    """Saves what is good of a draft and says so; the answer is one line, and the draft's address once it has one."""
    if not isinstance(request.user, User):
        return render(request, "needs/_saved.html", {"is_signed_out": True})
    organisation = organisation_of(request.user)
    if organisation is None:
        return render(request, "needs/_saved.html", {"refusal": can_post(request.user).reason})
    sheet = Sheet(organisation=organisation, user=request.user, data=request.POST)
    is_valid = sheet.is_valid
    if not sheet.has_words:
        return HttpResponse(status=204)
    try:
        need = sheet.save_draft()
    except DomainError as error:
        return render(request, "needs/_saved.html", {"refusal": error.message})
    context = {
        "need": need,
        "version": need.version,
        "saved_at": clock.now(),
        "problems": [] if is_valid else sheet.problems,
        "is_first": request.POST.get("version") in (None, "", "0"),
        "attachment_form": AttachmentForm(),
    }
    response = render(request, "needs/_saved.html", context)
    response["HX-Replace-Url"] = reverse("needs:edit", args=[need.public_id])
    return response


@require_POST
def suggest(request: HttpRequest) -> HttpResponse:
    """What is read from the text: tags and indicators that the form has not, elements, and how clear it all is."""
    organisation = organisation_of(request.user)
    if not isinstance(request.user, User) or organisation is None:
        return HttpResponse(status=204)
    text = "\n".join(request.POST.get(name, "") for name in ("title", "background", "goal"))
    chosen = request.POST.getlist("tags") + request.POST.getlist("tech_fields")
    named = [str(value) for key, value in request.POST.items() if key.startswith(PREFIX) and key.endswith("-name")]
    reading = reading_of(Sheet(organisation=organisation, user=request.user, data=request.POST))
    adds = request.POST.get("action") == ACTION
    context = {
        "ideas": ideas_for(text, chosen=chosen, named=named),
        "reading": reading,
        "is_said": reading.clarity is not None and request.POST.get("clarity_shown") != str(reading.clarity.score),
        "element_kinds": ElementKind.choices,
        "new_element": NewElement.refused(request.POST) if adds else NewElement(),
        "new_element_is_sent": adds,
    }
    return render(request, "needs/_reading.html", context)


@require_GET
def tags(request: HttpRequest) -> HttpResponse:
    """Tags and technical fields that a word finds."""
    words = request.GET.get("tag_words", "")
    found = found_terms(words) if isinstance(request.user, User) else []
    return render(request, "sheet/_found_tags.html", {"words": words.strip(), "found": found})
