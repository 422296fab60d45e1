"""Questionnaires for those who answer them, and stories: public ones for everybody."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.views import PlatformViewSet, found
from apps.core.switches import require_on
from apps.engagements.selectors import outcomes_for_action
from apps.followups import services
from apps.followups.api.serializers import (
    AnswerColumnsSerializer,
    QuestionnaireSerializer,
    StoryCardSerializer,
    StoryChangesSerializer,
    StoryDraftSerializer,
    StoryReasonSerializer,
    StorySerializer,
    StoryVersionSerializer,
)
from apps.followups.models import Questionnaire, Story
from apps.followups.presentation import StoryView
from apps.followups.selectors import (
    published_stories,
    questionnaires_of,
    require_story_shown,
    stories_for_page,
    stories_of,
)
from apps.followups.switches import STORIES


class QuestionnaireFilter(FilterSet):
    engagement = django_filters.CharFilter(field_name="engagement__public_id", max_length=12)
    answered = django_filters.BooleanFilter(field_name="answer", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Questionnaire
        fields = ("side", "months")


@extend_schema_view(
    list=extend_schema(summary=_("我能看到的回访问卷"), responses=QuestionnaireSerializer, tags=["followups"]),
    retrieve=extend_schema(summary=_("一份回访问卷"), responses=QuestionnaireSerializer, tags=["followups"]),
    answer=extend_schema(
        summary=_("填写或修改答复"),
        request=AnswerColumnsSerializer,
        responses=QuestionnaireSerializer,
        tags=["followups"],
    ),
)
class QuestionnaireViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated,)
    serializer_class = QuestionnaireSerializer
    filterset_class = QuestionnaireFilter
    queryset = Questionnaire.objects.none()  # tells the schema the model; rows come from what the person may see

    def list(self, request: Request) -> Response:
        return self.listed(questionnaires_of(self.person), lambda row: row, QuestionnaireSerializer)

    def retrieve(self, request: Request, public_id: str) -> Response:
        return Response(QuestionnaireSerializer(self._row()).data)

    @action(detail=True, methods=["post"])
    def answer(self, request: Request, public_id: str) -> Response:
        row = self._row()
        services.questionnaire_answer(questionnaire=row, by=self.person, **self.valid(AnswerColumnsSerializer))
        return Response(QuestionnaireSerializer(self._row()).data)

    def _row(self) -> Questionnaire:
        return found(questionnaires_of(self.person).filter(public_id=self.kwargs["public_id"]).first())


class StoryFilter(FilterSet):
    """By what the pages show; there is no search in words."""

    outcome_type = django_filters.CharFilter(field_name="outcome__outcome_type__code", max_length=60)
    chain = django_filters.CharFilter(
        field_name="outcome__engagement__proposal__need__industry_chain__code", max_length=60
    )
    district = django_filters.CharFilter(
        field_name="outcome__engagement__proposal__need__organisation__district__code", max_length=60
    )

    class Meta:
        model = Story
        fields: tuple[str, ...] = ()


def _change(summary: Any, request: Any) -> Any:
    return extend_schema(summary=summary, request=request, responses=StorySerializer, tags=["stories"])


@extend_schema_view(
    list=extend_schema(summary=_("公开的成功案例"), responses=StoryCardSerializer, tags=["stories"]),
    own=extend_schema(
        summary=_("我参与的对接的案例，含未发布的"), responses=StoryCardSerializer(many=True), tags=["stories"]
    ),
    retrieve=extend_schema(summary=_("一篇案例"), responses=StorySerializer, tags=["stories"]),
    create=extend_schema(
        summary=_("由已确认的成效起草案例"),
        request=StoryDraftSerializer,
        responses={201: StorySerializer},
        tags=["stories"],
    ),
    partial_update=_change(_("修改案例文字，双方须重新同意"), StoryChangesSerializer),
    agree=_change(_("同意公开这一版文字"), StoryVersionSerializer),
    withdraw=_change(_("撤回同意，案例立即下线"), None),
    publish=_change(_("审核通过并发布"), StoryVersionSerializer),
    send_back=_change(_("退回或下线，须写明原因"), StoryReasonSerializer),
)
class StoryViewSet(PlatformViewSet):
    serializer_class = StorySerializer
    filterset_class = StoryFilter
    queryset = Story.objects.none()  # tells the schema the model; rows come from what the person may see

    def get_permissions(self) -> Sequence[BasePermission]:
        return [AllowAny() if self.action in ("list", "retrieve") else IsAuthenticated()]

    def list(self, request: Request) -> Response:
        require_on(STORIES)
        return self.listed(published_stories(), lambda row: StoryView(row, self.person), StoryCardSerializer)

    @action(detail=False, methods=["get"])
    def own(self, request: Request) -> Response:
        """Those of one's own cases, in any state."""
        return self.listed(stories_of(self.person), lambda row: StoryView(row, self.person), StoryCardSerializer)

    def retrieve(self, request: Request, public_id: str) -> Response:
        require_story_shown(self.person, self._row())
        return self._shown()

    def create(self, request: Request) -> Response:
        fields = self.valid(StoryDraftSerializer)
        outcome = found(outcomes_for_action(self.person).filter(public_id=fields.pop("outcome")).first())
        story = services.story_draft(outcome=outcome, by=self.person, **fields)
        return Response(StorySerializer(StoryView(story, self.person)).data, status=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, public_id: str) -> Response:
        fields = self.valid(StoryChangesSerializer)
        services.story_edit(story=self._row(), by=self.person, seen=fields.pop("version"), **fields)
        return self._shown()

    @action(detail=True, methods=["post"])
    def agree(self, request: Request, public_id: str) -> Response:
        services.story_agree(story=self._row(), by=self.person, seen=self.valid(StoryVersionSerializer)["version"])
        return self._shown()

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, public_id: str) -> Response:
        services.story_withdraw(story=self._row(), by=self.person)
        return self._shown()

    @action(detail=True, methods=["post"])
    def publish(self, request: Request, public_id: str) -> Response:
        services.story_publish(story=self._row(), by=self.person, seen=self.valid(StoryVersionSerializer)["version"])
        return self._shown()

    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request: Request, public_id: str) -> Response:
        services.story_return(story=self._row(), by=self.person, **self.valid(StoryReasonSerializer))
        return self._shown()

    def _row(self) -> Story:
        return found(stories_for_page(self.person).filter(public_id=self.kwargs["public_id"]).first())

    def _shown(self) -> Response:
        return Response(StorySerializer(StoryView(self._row(), self.person)).data)
