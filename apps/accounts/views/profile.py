"""One's own account."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from rest_framework.authtoken.models import Token

from apps.accounts.forms import PersonForm
from apps.accounts.services import token_create, token_revoke, user_deactivate, user_update
from apps.accounts.views.signed_in import signed_in

NEW_TOKEN = "new_api_token"  # noqa: S105  (the name of a session entry)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = PersonForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        user_update(user=user, **form.cleaned_data)
        messages.success(request, _("个人资料已保存。"))
        return redirect("accounts:profile")
    token = Token.objects.filter(user=user).first()
    context = {"form": form, "token": token, "new_token": request.session.pop(NEW_TOKEN, "")}
    return render(request, "accounts/profile.html", context)


@login_required
@require_POST
def create_token(request: HttpRequest) -> HttpResponse:
    request.session[NEW_TOKEN] = token_create(user=signed_in(request))
    return redirect("accounts:profile")


@login_required
@require_POST
def revoke_token(request: HttpRequest) -> HttpResponse:
    token_revoke(user=signed_in(request))
    messages.success(request, _("接口令牌已作废。"))
    return redirect("accounts:profile")


@login_required
@require_POST
def deactivate(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    user_deactivate(user=user, by=user)
    logout(request)
    messages.success(request, _("账号已注销。感谢您使用云端研发。"))
    return redirect("home")
