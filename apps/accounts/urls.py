from django.contrib.auth import views as auth
from django.urls import path

from apps.accounts import forms
from apps.accounts.views import centres, joining, organisation, passwords, profile, registering, sign_up

app_name = "accounts"
urlpatterns = [
    path(
        "sign-in/",
        auth.LoginView.as_view(
            template_name="accounts/sign_in.html",
            authentication_form=forms.SignInForm,
            redirect_authenticated_user=True,
        ),
        name="sign_in",
    ),
    path("sign-out/", auth.LogoutView.as_view(), name="sign_out"),
    path("sign-up/", sign_up.sign_up, name="sign_up"),
    path("email/confirm/<str:token>/", sign_up.confirm_email, name="email_confirm"),
    path("email/resend/", sign_up.resend_confirmation, name="email_resend"),
    path("invitation/<str:token>/", sign_up.invitation, name="invitation"),
    path("profile/", profile.profile, name="profile"),
    path("profile/token/create/", profile.create_token, name="token_create"),
    path("profile/token/revoke/", profile.revoke_token, name="token_revoke"),
    path("profile/deactivate/", profile.deactivate, name="deactivate"),
    path("password/change/", passwords.Change.as_view(), name="password_change"),
    path("password/reset/", passwords.Reset.as_view(), name="password_reset"),
    path("password/reset/sent/", passwords.ResetSent.as_view(), name="password_reset_done"),
    path("password/reset/<uidb64>/<token>/", passwords.ResetConfirm.as_view(), name="password_reset_confirm"),
    path("organisation/", organisation.own, name="organisation"),
    path("organisation/identity/", organisation.identity, name="organisation_identity"),
    path("organisation/invite/", organisation.invite, name="member_invite"),
    path("organisation/members/<int:pk>/remove/", organisation.remove_member, name="member_remove"),
    path("organisation/members/<int:pk>/owner/", organisation.make_owner, name="member_make_owner"),
    path("register/", registering.register, name="register"),
    path("join/", joining.join, name="join"),
    path("claims/", joining.claims, name="claims"),
    path("join/<slug:public_id>/withdraw/", joining.withdraw, name="join_withdraw"),
    path("join/<slug:public_id>/approve/", joining.approve, name="join_approve"),
    path("join/<slug:public_id>/refuse/", joining.refuse, name="join_refuse"),
    path("centre/", centres.own, name="centre"),
    path("centres/", centres.centres, name="centres"),
    path("organisations/<slug:public_id>/", organisation.public, name="organisation_public"),
]
