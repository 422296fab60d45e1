"""Registering an organisation after signing up."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts.forms import IdentityForm, registered_in
from apps.accounts.selectors import organisation_of
from apps.accounts.services import join_ask, organisation_register
from apps.accounts.views.signed_in import signed_in


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def register(request: HttpRequest) -> HttpResponse:
    """For people without an organisation; where theirs is registered already, they may ask to be let in."""
    user = signed_in(request)
    if organisation_of(user) is not None:
        return redirect("accounts:organisation")
    form = IdentityForm(request.POST or None, prefix="organisation")
    if request.method == "POST" and form.is_valid():
        try:
            organisation_register(organisation=form.save(commit=False), by=user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("单位已登记，核验通过后即可发布；现在可以先写草稿。"))
            return redirect("accounts:organisation")
    registered = registered_in(form) if request.method == "POST" else None
    if registered is not None and "join" in request.POST:
        join_ask(organisation=registered, by=user)
        messages.success(request, _("申请已提交，负责人同意后会通知您。"))
        return redirect("accounts:join")
    return render(request, "accounts/register.html", {"form": form, "registered": registered})
