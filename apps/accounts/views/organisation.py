"""The organisation's public page, and its owners' page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.forms import DescriptionForm, IdentityChangeForm, InviteForm
from apps.accounts.models import Membership, Organisation, User
from apps.accounts.permissions import (
    can_change_identity,
    can_end_membership,
    can_manage_organisation,
    can_open_centre,
    can_see_organisation,
)
from apps.accounts.profile_facts import profile_facts
from apps.accounts.selectors import centre_of, organisation_of, requests_to_answer
from apps.accounts.services import member_invite, member_make_owner, member_remove, organisation_update
from apps.accounts.services.organisations import CONTENT
from apps.accounts.views.signed_in import signed_in
from apps.core.errors import StateConflict
from apps.core.forms import renew
from apps.core.overtaken import Overtaken
from apps.core.overtaken import overtaken as overtaken_by


@require_safe
def public(request: HttpRequest, public_id: str) -> HttpResponse:
    shown = get_object_or_404(Organisation.objects.select_related("district"), public_id=public_id)
    if not can_see_organisation(request.user, shown):
        raise Http404
    context = {"shown": shown, "centre": centre_of(shown), "facts": profile_facts(shown)}
    return render(request, "accounts/organisation_public.html", context)


def _own(request: HttpRequest) -> Organisation:
    """The person's organisation; without one there is no such page."""
    organisation = organisation_of(signed_in(request))
    if organisation is None:
        raise Http404
    return organisation


def _page(request: HttpRequest, organisation: Organisation, **context: object) -> HttpResponse:
    user = signed_in(request)
    may_manage = can_manage_organisation(user, organisation)
    members = list(organisation.memberships.select_related("user").order_by("joined_at"))
    own_membership = next((member for member in members if member.user_id == user.pk), None)
    shown = {
        "members": members,
        "may_leave": own_membership and can_end_membership(user, own_membership),
        "may_manage": may_manage,
        "join_requests": requests_to_answer(organisation) if may_manage else (),
        "centre": centre_of(organisation),
        "may_open_centre": can_open_centre(user, organisation),
        "may_change_identity": can_change_identity(user, organisation),
        "form": DescriptionForm(instance=organisation, initial={"seen": organisation.revision}),
        "identity_form": IdentityChangeForm(
            instance=organisation, prefix="organisation", initial={"seen": organisation.revision}
        ),
        "invite_form": InviteForm(),
    }
    return render(request, "accounts/organisation.html", shown | context)


@login_required
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    if organisation_of(user) is None and not user.platform_role:
        return redirect("accounts:join")
    organisation = _own(request)
    if request.method != "POST":
        return _page(request, organisation)
    form = DescriptionForm(request.POST, instance=Organisation.objects.get(pk=organisation.pk))
    if not form.is_valid():
        return _page(request, organisation, form=form)
    if overtaken := _save(user, organisation, form):
        return _page(request, organisation, form=form, overtaken=overtaken)
    messages.success(request, _("机构信息已保存。"))
    return redirect("accounts:organisation")


def _save(user: User, organisation: Organisation, form: DescriptionForm | IdentityChangeForm) -> Overtaken | None:
    """What a colleague saved meanwhile; the form then stands on top of that, with all that was typed."""
    fields = dict(form.cleaned_data)
    seen, tiers = fields.pop("seen"), fields.pop("tiers", None)
    try:
        organisation_update(organisation=organisation, by=user, seen=seen, fields=fields, tiers=tiers)
    except StateConflict:
        stored = Organisation.objects.get(pk=organisation.pk)
        renew(form, "seen", stored.revision)
        return overtaken_by(stored, CONTENT, fields if tiers is None else fields | {"tiers": tiers}, None)
    return None


@login_required
@require_POST
def identity(request: HttpRequest) -> HttpResponse:
    organisation = _own(request)
    form = IdentityChangeForm(
        request.POST, instance=Organisation.objects.get(pk=organisation.pk), prefix="organisation"
    )
    if not form.is_valid():
        return _page(request, organisation, identity_form=form)
    if overtaken := _save(signed_in(request), organisation, form):
        return _page(request, organisation, identity_form=form, identity_overtaken=overtaken)
    messages.success(request, _("已保存并重新提交核验。"))
    return redirect("accounts:organisation")


@login_required
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    organisation = _own(request)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, organisation, invite_form=form)
    email = form.cleaned_data["email"]
    member_invite(organisation=organisation, email=email, by=signed_in(request))
    messages.success(request, _("邀请已发往 %(email)s，7 天内有效。") % {"email": email})
    return redirect("accounts:organisation")


def _colleague(request: HttpRequest, pk: int) -> Membership:
    rows = Membership.objects.select_related("organisation", "user")
    return get_object_or_404(rows, pk=pk, organisation=_own(request))


@login_required
@require_POST
def remove_member(request: HttpRequest, pk: int) -> HttpResponse:
    membership, user = _colleague(request, pk), signed_in(request)
    member_remove(membership=membership, by=user)
    if membership.user_id == user.pk:
        messages.success(request, _("您已退出“%(name)s”。") % {"name": membership.organisation})
        return redirect("home")
    messages.success(request, _("已将 %(name)s 移出本单位。") % {"name": membership.user})
    return redirect("accounts:organisation")


@login_required
@require_POST
def make_owner(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _colleague(request, pk)
    member_make_owner(membership=membership, by=signed_in(request))
    messages.success(request, _("%(name)s 已成为负责人。") % {"name": membership.user})
    return redirect("accounts:organisation")
