"""A closed account is opened again by an administrator."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Membership, User
from apps.accounts.services import user_deactivate, user_reactivate
from apps.core.errors import NotAllowed, StateConflict
from apps.core.models import AuditEntry


def signs_in(user: User) -> bool:
    given = {"username": user.email, "password": "correct-horse-2026"}
    answer = Client().post("/accounts/sign-in/", given, follow=True)
    return bool(answer.context["user"].is_authenticated)


def test_a_closed_account_can_sign_in_again(colleague: User, sme_owner: User, administrator: User) -> None:
    user_deactivate(user=colleague, by=colleague)
    assert not signs_in(colleague)
    user_reactivate(user=colleague, by=administrator)
    assert signs_in(colleague)
    assert AuditEntry.objects.filter(action="user.reactivated", actor=administrator).exists()


def test_who_had_colleagues_acts_for_nobody_until_let_in_anew(
    colleague: User, sme_owner: User, administrator: User
) -> None:
    user_deactivate(user=colleague, by=colleague)
    user_reactivate(user=colleague, by=administrator)
    assert not Membership.objects.filter(user=colleague).exists()


def test_only_administrators_may(
    sme_owner: User, colleague: User, reviewer: User, broker: User, stranger: User
) -> None:
    user_deactivate(user=colleague, by=colleague)
    for person in (sme_owner, colleague, reviewer, broker, stranger):
        with pytest.raises(NotAllowed):
            user_reactivate(user=colleague, by=person)
    assert not User.objects.get(pk=colleague.pk).is_active


def test_an_open_account_is_not_opened_again(colleague: User, administrator: User) -> None:
    with pytest.raises(StateConflict):
        user_reactivate(user=colleague, by=administrator)


def test_the_administration_has_the_action(
    colleague: User, sme_owner: User, administrator: User, client_of: Callable[[User], Client]
) -> None:
    user_deactivate(user=colleague, by=colleague)
    data = {"action": "reactivate", "_selected_action": [colleague.pk]}
    client_of(administrator).post(reverse("admin:accounts_user_changelist"), data)
    assert User.objects.get(pk=colleague.pk).is_active
