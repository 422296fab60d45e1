"""People of the platform: found, given roles, invited, closed and opened again."""

from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.forms import InvitedPersonForm
from apps.accounts.models import User
from apps.accounts.views.sign_up import BACKEND
from apps.accounts.views.signed_in import signed_in
from apps.administration.forms.people import DutyForm, PeopleFilter, PersonInviteForm, ReasonForm
from apps.administration.selectors import history_of, people
from apps.administration.services.people import (
    person_close,
    person_invite,
    person_join,
    person_reopen,
    person_set_duty,
    read_invitation,
    state_of,
)
from apps.administration.trail.lines import lines
from apps.administration.views.guards import for_administrators
from apps.core.errors import StateConflict
from apps.core.forms import renew

PAGE_SIZE = 30


@for_administrators
@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    form = PeopleFilter(request.GET)
    form.is_valid()  # a value that is not on offer narrows nothing
    page = Paginator(people(form.cleaned_data), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "office/people.html", {"form": form, "page": page, "section": "people"})


@for_administrators
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(User.objects.select_related("membership__organisation"), pk=pk)
    form = DutyForm(request.POST) if request.method == "POST" else DutyForm.about(row)
    if request.method == "POST" and form.is_valid():
        fields, by = form.cleaned_data, signed_in(request)
        try:
            person_set_duty(person=row, by=by, duty=fields["duty"], reason=fields["reason"], seen=fields["seen"])
        except StateConflict:
            row.refresh_from_db()
            if not row.is_active:  # there is no form on the page of a closed account
                raise
            _tell_overtaken(form, row)
        else:
            messages.success(request, _("%(name)s 的角色已保存。") % {"name": row})
            return redirect("office:person", row.pk)
    return _page(request, row, form=form)


def _tell_overtaken(form: DutyForm, now: User) -> None:
    """What was typed stays; sent again, it replaces what is told here."""
    role = now.get_platform_role_display()
    where = _("全市") if now.covers_city else "、".join(map(str, now.districts.all()))
    told = {"duty": " · ".join(filter(None, (role, where)))}
    form.add_error(
        None,
        _("这个人的角色刚刚被他人修改，现在是“%(duty)s”。您填写的还在下面；再次保存，就会替换它。") % told,
    )
    renew(form, "seen", state_of(now))


def _page(
    request: HttpRequest, row: User, form: DutyForm | None = None, close: ReasonForm | None = None
) -> HttpResponse:
    context = {
        "person": row,
        "form": form or DutyForm.about(row),
        "close_form": close or ReasonForm(auto_id="id_close_%s"),
        "history": lines(history_of(row)),
        "section": "people",
    }
    return render(request, "office/person.html", context)


@for_administrators
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(User, pk=pk)
    form = ReasonForm(request.POST, auto_id="id_close_%s")
    if not form.is_valid():
        return _page(request, row, close=form)
    person_close(person=row, by=signed_in(request), reason=form.cleaned_data["reason"])
    messages.success(request, _("%(name)s 的账号已停用。") % {"name": row})
    return redirect("office:person", pk)


@for_administrators
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(User, pk=pk)
    person_reopen(person=row, by=signed_in(request))
    messages.success(request, _("%(name)s 的账号已重新启用，原密码仍然有效。") % {"name": row})
    return redirect("office:person", pk)


@for_administrators
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    form = PersonInviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            person_invite(email=fields["email"], by=signed_in(request), duty=fields["duty"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("邀请已发往 %(email)s。") % {"email": fields["email"]})
            return redirect("office:people")
    return render(request, "office/person_invite.html", {"form": form, "section": "people"})


@require_http_methods(["GET", "POST"])
@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The invited person's door; the link is used up by the account it makes."""
    invitation = read_invitation(token)
    form = InvitedPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = person_join(token=token, **form.cleaned_data)
        login(request, found, backend=BACKEND)
        messages.success(request, _("欢迎加入云端研发。"))
        return redirect("home")
    return render(request, "administration/join.html", {"form": form, "invitation": invitation})
