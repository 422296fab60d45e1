"""Changing and resetting a password: Django's views in the platform's words."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from apps.accounts.forms import PasswordChangeForm, PasswordResetForm, SetPasswordForm


class Change(views.PasswordChangeView):
    form_class = PasswordChangeForm
    template_name = "accounts/password_change.html"
    success_url = reverse_lazy("accounts:profile")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("密码已修改。其他设备上的登录已自动退出。"))
        return super().form_valid(form)


class Reset(views.PasswordResetView):
    """The answer is the same whether the address has an account or not."""

    form_class = PasswordResetForm
    template_name = "accounts/password_reset.html"
    email_template_name = "accounts/mail/password_reset.txt"
    subject_template_name = "accounts/mail/password_reset_subject.txt"
    success_url = reverse_lazy("accounts:password_reset_done")
    extra_email_context = {"site_url": settings.SITE_URL.rstrip("/")}


class ResetSent(views.PasswordResetDoneView):
    template_name = "accounts/password_reset_sent.html"


class ResetConfirm(views.PasswordResetConfirmView):
    form_class = SetPasswordForm
    template_name = "accounts/password_reset_confirm.html"
    success_url = reverse_lazy("accounts:sign_in")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("新密码已设置，请登录。"))
        return super().form_valid(form)
