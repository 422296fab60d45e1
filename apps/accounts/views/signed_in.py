"""The person behind a request, typed."""

from django.http import HttpRequest

from apps.accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """For views behind `login_required`, where nobody else arrives."""
    assert isinstance(request.user, User)  # noqa: S101  (a promise of the decorator, told to the type checker)
    return request.user
