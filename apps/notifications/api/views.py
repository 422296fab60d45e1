"""Notifications and what a person chose, for programs."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.views import PlatformViewSet, found
from apps.notifications.api.serializers import (
    TOPIC_CHOICES,
    NotificationSerializer,
    PreferencesSerializer,
    ReadAllSerializer,
    ReadCountSerializer,
)
from apps.notifications.models import Notification
from apps.notifications.selectors import choices_of, inbox_of, terms_of
from apps.notifications.services import notification_mark_read, notifications_mark_all_read, preferences_save
from apps.notifications.services.settings import Choice, Terms

TAGS = ["notifications"]


class NotificationFilter(FilterSet):
    unread = django_filters.BooleanFilter(field_name="read_at", lookup_expr="isnull", label=_("只看未读"))
    topic = django_filters.ChoiceFilter(choices=TOPIC_CHOICES, label=_("主题"))

    class Meta:
        model = Notification
        fields = ("topic",)


@extend_schema_view(
    list=extend_schema(summary=_("我的通知，最近的在前"), responses=NotificationSerializer, tags=TAGS),
    read=extend_schema(
        summary=_("标为已读"), request=None, responses={204: OpenApiResponse(description=_("已标记"))}, tags=TAGS
    ),
    read_all=extend_schema(
        operation_id="notifications_read_all",
        summary=_("全部标为已读"),
        request=ReadAllSerializer,
        responses=ReadCountSerializer,
        tags=TAGS,
    ),
    preferences=extend_schema(summary=_("我的通知设置"), responses=PreferencesSerializer, tags=TAGS),
)
class NotificationViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated,)
    serializer_class = NotificationSerializer
    filterset_class = NotificationFilter
    queryset = Notification.objects.none()  # names the model for the schema; every answer begins with inbox_of

    def list(self, request: Request) -> Response:
        return self.listed(inbox_of(self.person), lambda row: row, NotificationSerializer)

    @action(detail=True, methods=["post"], filterset_class=None)
    def read(self, request: Request, public_id: str) -> Response:
        row = found(inbox_of(self.person).filter(public_id=public_id).first())
        notification_mark_read(notification=row, by=self.person)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=False, methods=["post"], url_path="read", filterset_class=None)
    def read_all(self, request: Request) -> Response:
        named = self.valid(ReadAllSerializer).get("until")
        until = found(inbox_of(self.person).filter(public_id=named).first()) if named else None
        return Response({"count": notifications_mark_all_read(user=self.person, until=until)})

    @action(detail=False, methods=["get"], filterset_class=None)
    def preferences(self, request: Request) -> Response:
        return Response(self._chosen())

    @extend_schema(
        summary=_("修改我的通知设置"), request=PreferencesSerializer, responses=PreferencesSerializer, tags=TAGS
    )
    @preferences.mapping.patch
    def change_preferences(self, request: Request) -> Response:
        fields = self.valid(PreferencesSerializer)
        now_chosen, now_terms = choices_of(self.person), terms_of(self.person)
        choices = {}
        for change in fields.get("topics", []):
            before = now_chosen[change["topic"]]
            choices[before.topic.code] = Choice(
                change.get("site", before.is_in_inbox), change.get("email", before.email)
            )
        terms = Terms(*(fields.get(name, getattr(now_terms, name)) for name in Terms._fields))
        is_changed = any(name in fields for name in Terms._fields)
        preferences_save(user=self.person, choices=choices, terms=terms if is_changed else None)
        return Response(self._chosen())

    def _chosen(self) -> dict[str, Any]:
        rows = choices_of(self.person).values()
        terms = terms_of(self.person)
        topics = [
            {"topic": row.topic.code, "name": row.topic.label, "site": row.is_in_inbox, "email": row.email}
            for row in rows
        ]
        shown = {name: getattr(terms, name) for name in Terms._fields}
        return dict(PreferencesSerializer({**shown, "topics": topics}).data)
