"""Who may call the endpoints of the office, and what these share."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.forms import Form
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.serializers import ValidationError

from apps.accounts.selectors import Viewer
from apps.administration.permissions import can_administer, can_enter_office
from apps.core.api.views import PlatformViewSet
from apps.core.decisions import Decision

TAGS = ["office"]


class ByRule(BasePermission):
    """Signed in, and allowed by the view's `rule`; else its sentence."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not IsAuthenticated().has_permission(request, view):
            raise NotAuthenticated
        view.rule(request.user).require()
        return True


class OfficeViewSet(PlatformViewSet):
    """For administrators; `reading` are the actions that reviewers may use too."""

    permission_classes = (ByRule,)
    reading: ClassVar[tuple[str, ...]] = ()

    @property
    def rule(self) -> Callable[[Viewer], Decision]:
        return can_enter_office if self.action in self.reading else can_administer


def read_query(form: Form) -> dict[str, Any]:
    """What a list is narrowed by, checked by the page's own form."""
    if not form.is_valid():
        raise ValidationError({name: [str(error) for error in errors] for name, errors in form.errors.items()})
    return dict(form.cleaned_data)
