"""Needs: the board, one's own, and every move of their life that their people may make."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.selectors import organisation_of
from apps.core.api.views import PlatformViewSet, found
from apps.core.mentions import mentioning
from apps.needs import services
from apps.needs.api.serializers import (
    NeedCardSerializer,
    NeedChangesSerializer,
    NeedSerializer,
    NewNeedSerializer,
    shown_need,
)
from apps.needs.content import INDICATORS, IndicatorValues
from apps.needs.filters import TEXTS
from apps.needs.models import Need, NeedState
from apps.needs.owner_views import note_owner_seen
from apps.needs.selectors import need_card, need_for, with_terms


class NeedFilter(FilterSet):
    """None of these looks at the owner: a search must not tell who is behind an anonymous need."""

    q = django_filters.CharFilter(method="having_words", max_length=100, label=_("名称、目标或背景中含有"))
    state = django_filters.MultipleChoiceFilter(choices=NeedState.choices)
    need_type = django_filters.CharFilter(field_name="need_type__code", max_length=60)
    industry_chain = django_filters.CharFilter(method="in_chain", max_length=60)
    tag = django_filters.CharFilter(field_name="tags__code", max_length=60)
    cooperation_mode = django_filters.CharFilter(field_name="cooperation_modes__code", max_length=60)
    district = django_filters.CharFilter(field_name="organisation__district__code", max_length=60)
    mine = django_filters.BooleanFilter(method="of_my_organisation", label=_("只看本单位的"))
    ordering = django_filters.OrderingFilter(fields=("published_at", "valid_until", "updated_at"))

    def having_words(self, rows: QuerySet[Need], name: str, value: str) -> QuerySet[Need]:
        for word in value.split():
            rows = rows.filter(mentioning(word, *TEXTS))
        return rows

    def in_chain(self, rows: QuerySet[Need], name: str, value: str) -> QuerySet[Need]:
        return rows.filter(Q(industry_chain__code=value) | Q(industry_chain__parent__code=value))

    def of_my_organisation(
        self,
        rows: QuerySet[Need],
        name: str,
        value: bool,  # noqa: FBT001  # not our signature
    ) -> QuerySet[Need]:
        mine = organisation_of(self.request.user)
        return rows.filter(organisation=mine) if value else rows.exclude(organisation=mine)

    class Meta:
        model = Need
        fields = ("state",)


def _move(summary: Any) -> Any:
    return extend_schema(summary=summary, request=None, responses=NeedSerializer, tags=["needs"])


@extend_schema_view(
    list=extend_schema(summary=_("我能看到的需求"), responses=NeedCardSerializer, tags=["needs"]),
    retrieve=extend_schema(summary=_("一项需求"), responses=NeedSerializer, tags=["needs"]),
    create=extend_schema(
        summary=_("新建草稿"), request=NewNeedSerializer, responses={201: NeedSerializer}, tags=["needs"]
    ),
    partial_update=extend_schema(
        summary=_("修改草稿或已发布的需求"), request=NeedChangesSerializer, responses=NeedSerializer, tags=["needs"]
    ),
    publish=_move(_("提交；单位已核验的随即发布")),
    recall=_move(_("撤回待审核的需求")),
    close=_move(_("关闭")),
    reopen=_move(_("重新打开")),
    renew=_move(_("续期 90 天")),
    solve=_move(_("标记为已解决")),
)
class NeedViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticatedOrReadOnly,)
    serializer_class = NeedSerializer
    filterset_class = NeedFilter
    queryset = Need.objects.none()  # tells the schema the model; rows come from what the person may see

    def list(self, request: Request) -> Response:
        rows = with_terms(Need.objects.visible_to(self.person))
        return self.listed(rows, lambda row: need_card(row, self.person), NeedCardSerializer)

    def retrieve(self, request: Request, public_id: str) -> Response:
        need = self._need()
        note_owner_seen([need], self.person)
        return self._shown(need)

    def create(self, request: Request) -> Response:
        values, indicators = _content(self.valid(NewNeedSerializer))
        form_key = values.pop("form_key", None)
        need = services.need_draft_save(by=self.person, values=values, indicators=indicators, form_key=form_key)
        return self._shown(need, status.HTTP_201_CREATED)

    def partial_update(self, request: Request, public_id: str) -> Response:
        need = self._need()
        values, indicators = _content(self.valid(NeedChangesSerializer))
        version = values.pop("version")
        save = services.need_update_published if need.state == NeedState.PUBLISHED else services.need_draft_save
        save(need=need, by=self.person, values=values, indicators=indicators, version=version)
        return self._shown(self._need())

    @action(detail=True, methods=["post"])
    def publish(self, request: Request, public_id: str) -> Response:
        return self._move(services.need_submit)

    @action(detail=True, methods=["post"])
    def recall(self, request: Request, public_id: str) -> Response:
        return self._move(services.need_recall)

    @action(detail=True, methods=["post"])
    def close(self, request: Request, public_id: str) -> Response:
        return self._move(services.need_close)

    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, public_id: str) -> Response:
        return self._move(services.need_reopen)

    @action(detail=True, methods=["post"])
    def renew(self, request: Request, public_id: str) -> Response:
        return self._move(services.need_renew)

    @action(detail=True, methods=["post"])
    def solve(self, request: Request, public_id: str) -> Response:
        return self._move(services.need_solve)

    def _move(self, service: Callable[..., Need]) -> Response:
        service(need=self._need(), by=self.person)
        return self._shown(self._need())

    def _need(self) -> Need:
        return found(need_for(self.person, self.kwargs["public_id"]))

    def _shown(self, need: Need, code: int = status.HTTP_200_OK) -> Response:
        return Response(NeedSerializer(shown_need(need, self.person)).data, status=code)


def _content(values: dict[str, Any]) -> tuple[dict[str, Any], list[IndicatorValues] | None]:
    """Columns and lists as the services take them, and the indicators where they were sent."""
    rows = values.pop(INDICATORS, None)
    return values, None if rows is None else [IndicatorValues(**row) for row in rows]
