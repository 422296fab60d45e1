"""What every endpoint shares: who asks, by which name rows are found, and how lists and bodies are handled."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404
from rest_framework.authentication import SessionAuthentication, TokenAuthentication
from rest_framework.parsers import BaseParser
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from apps.core.api.parsers import BoundedJSONParser
from apps.core.api.schema import PlatformSchema
from apps.core.models import PUBLIC_ID_ALPHABET, PUBLIC_ID_LENGTH
from apps.core.paging import RowsByKey

AUTHENTICATION = (TokenAuthentication, SessionAuthentication)
"""Tokens first: whoever is refused for want of a sign-in is told 401, and how to sign in."""

PUBLIC_ID_PATTERN = f"[{PUBLIC_ID_ALPHABET}]{{{PUBLIC_ID_LENGTH}}}"


class PlatformViewSet(GenericViewSet[Any]):
    """Rows are named by `public_id`; those a person may not see do not exist for them.

    Each view names its permissions: the default lets nobody in. A change is sent as the fields that change, which are
    therefore optional in its serializer; DRF's `partial` would let incomplete nested rows through.
    """

    schema = PlatformSchema()
    metadata_class = None  # OPTIONS: what an operation takes is told by the schema alone
    authentication_classes = AUTHENTICATION
    parser_classes: tuple[type[BaseParser], ...] = (BoundedJSONParser,)
    lookup_field = "public_id"
    lookup_value_regex = PUBLIC_ID_PATTERN

    @property
    def person(self) -> Any:
        """Who asks: a user, or an anonymous one where the view is open."""
        return self.request.user

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Once the answer is written, the view lets go of all it holds. They know each other, so that the rows of a
        list would wait for the collector, which then stops every thread for a fifth of a second.
        """
        answer = super().finalize_response(request, response, *args, **kwargs)
        if isinstance(answer, Response):
            answer.add_post_render_callback(self._let_go)
        return answer

    def _let_go(self, answer: Any) -> None:
        answer.renderer_context = {}
        vars(self).clear()

    def valid(self, serializer: type[BaseSerializer[Any]]) -> dict[str, Any]:
        """The body, checked; errors by field otherwise."""
        checked = serializer(data=self.request.data, context=self.get_serializer_context())
        checked.is_valid(raise_exception=True)
        return dict(checked.validated_data)

    def listed(
        self, rows: QuerySet[Any], show: Callable[[Any], Any], serializer: type[BaseSerializer[Any]]
    ) -> Response:
        """One page of the rows that the filters leave, each as `show` shows it to this person."""
        keys: Any = RowsByKey(self.filter_queryset(rows), lambda keys: rows.filter(pk__in=keys))
        page = self.paginate_queryset(keys)
        # Not `.data`, by which every row would be held as long as the serializer, which holds itself.
        told = serializer(many=True).to_representation([show(row) for row in page or []])
        return self.get_paginated_response(told)


def found[Row: Model](row: Row | None) -> Row:
    """The row, or the 404 that hides whether there is one."""
    if row is None:
        raise Http404
    return row
