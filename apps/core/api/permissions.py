"""Permissions of the API: nothing is allowed unless a view says so."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:  # REST framework loads this module while it makes APIView
    from rest_framework.views import APIView


class DenyByDefault(BasePermission):
    """The default of every view: a view that forgets to name its permissions answers nobody."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False
