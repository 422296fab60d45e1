"""Signing up, with an organisation or with an invitation; confirming an address."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.forms import IdentityForm, InvitedPersonForm, SignUpForm, registered_in
from apps.accounts.links import Invitation, read_invitation
from apps.accounts.models import Organisation, User
from apps.accounts.services import (
    confirmation_resend,
    email_confirm,
    member_accept,
    user_sign_up,
    user_sign_up_invited,
    user_sign_up_to_join,
)
from apps.accounts.views.signed_in import signed_in
from apps.core.switches import switched

BACKEND = "apps.accounts.backends.AccountBackend"


@require_http_methods(["GET", "POST"])
@never_cache
@switched("sign_up")
def sign_up(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("home")
    data = request.POST or None
    person, organisation = SignUpForm(data), IdentityForm(data, prefix="organisation")
    if data and all([person.is_valid(), organisation.is_valid()]):
        user = user_sign_up(**person.cleaned_data, organisation=organisation.save(commit=False))
        login(request, user, backend=BACKEND)
        messages.success(request, _("注册成功。确认邮件已发往 %(email)s，点开其中的链接即可。") % {"email": user.email})
        return redirect("home")
    registered = registered_in(organisation) if data else None
    if registered is not None and "join" in request.POST and person.is_valid():
        return _sign_up_to_join(request, person, registered)
    context = {"person": person, "organisation_form": organisation, "registered": registered}
    return render(request, "accounts/sign_up.html", context)


def _sign_up_to_join(request: HttpRequest, person: SignUpForm, organisation: Organisation) -> HttpResponse:
    user = user_sign_up_to_join(**person.cleaned_data, organisation=organisation)
    login(request, user, backend=BACKEND)
    said = _("注册成功。请点开发往 %(email)s 的确认链接，之后申请会送到负责人手里。")
    messages.success(request, said % {"email": user.email})
    return redirect("accounts:join")


@require_safe
@never_cache
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    email_confirm(token=token)
    messages.success(request, _("邮箱已确认，谢谢。"))
    return redirect("home" if request.user.is_authenticated else "accounts:sign_in")


@login_required
@require_POST
def resend_confirmation(request: HttpRequest) -> HttpResponse:
    confirmation_resend(user=signed_in(request))
    messages.success(request, _("确认邮件已重新发送，请查收；没有收到时也请看看垃圾邮件箱。"))
    return redirect("accounts:profile")


@require_http_methods(["GET", "POST"])
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Three kinds of guest: signed in, with an account but signed out, and new."""
    invited = read_invitation(token)
    if isinstance(request.user, User):
        return _accept(request, request.user, token, invited)
    if User.objects.filter(email=invited.email).exists():
        messages.info(request, _("请先登录，再接受加入“%(name)s”的邀请。") % {"name": invited.organisation})
        return redirect_to_login(request.path)
    return _sign_up_invited(request, token, invited)


def _accept(request: HttpRequest, user: User, token: str, invited: Invitation) -> HttpResponse:
    if request.method == "POST":
        member_accept(token=token, user=user)
        messages.success(request, _("您已加入“%(name)s”。") % {"name": invited.organisation})
        return redirect("home")
    context = {"invitation": invited, "is_for_me": user.email == invited.email}
    return render(request, "accounts/invitation.html", context)


def _sign_up_invited(request: HttpRequest, token: str, invited: Invitation) -> HttpResponse:
    form = InvitedPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = user_sign_up_invited(token=token, **form.cleaned_data)
        login(request, user, backend=BACKEND)
        messages.success(request, _("欢迎加入“%(name)s”。") % {"name": invited.organisation})
        return redirect("home")
    return render(request, "accounts/sign_up_invited.html", {"form": form, "invitation": invited})
