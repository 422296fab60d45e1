"""Saved searches, for programs."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.views import PlatformViewSet, found
from apps.searches import services
from apps.searches.api.serializers import ChangesSerializer, NewSearchSerializer, SearchSerializer
from apps.searches.lists import list_of
from apps.searches.models import SavedSearch
from apps.searches.selectors import searches_of

TAGS = ["searches"]


@extend_schema_view(
    list=extend_schema(summary=_("我的订阅"), responses=SearchSerializer, tags=TAGS),
    create=extend_schema(
        summary=_("保存一个筛选；相同的筛选只保存一份"),
        request=NewSearchSerializer,
        responses={201: SearchSerializer},
        tags=TAGS,
    ),
    partial_update=extend_schema(
        summary=_("改名、暂停或恢复"), request=ChangesSerializer, responses=SearchSerializer, tags=TAGS
    ),
    destroy=extend_schema(summary=_("删除订阅"), responses={204: OpenApiResponse(description=_("已删除"))}, tags=TAGS),
)
class SavedSearchViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated,)
    serializer_class = SearchSerializer
    queryset = SavedSearch.objects.none()  # names the model for the schema

    def list(self, request: Request) -> Response:
        return self.listed(searches_of(self.person), lambda row: row, SearchSerializer)

    def create(self, request: Request) -> Response:
        given = self.valid(NewSearchSerializer)
        source = list_of(given["list"])
        assert source is not None  # noqa: S101  (the serializer takes registered lists only)
        search = services.search_save(source=source, params=given["params"], by=self.person, name=given.get("name", ""))
        return Response(SearchSerializer(search).data, status=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, public_id: str) -> Response:
        search, changes = self._mine(), self.valid(ChangesSerializer)
        if "name" in changes:
            services.search_rename(search=search, by=self.person, name=changes["name"])
        if "is_paused" in changes:
            move = services.search_pause if changes["is_paused"] else services.search_resume
            move(search=search, by=self.person)
        return Response(SearchSerializer(search).data)

    def destroy(self, request: Request, public_id: str) -> Response:
        services.search_delete(search=self._mine(), by=self.person)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _mine(self) -> Any:
        return found(searches_of(self.person).filter(public_id=self.kwargs["public_id"]).first())
