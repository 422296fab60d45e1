"""Asking to join an organisation, and answering, for programs."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.forms import JoinForm
from apps.accounts.models import JoinRequest, Organisation
from apps.accounts.permissions import can_manage_organisation
from apps.accounts.selectors import organisation_of, requests_to_answer
from apps.accounts.services import join_approve, join_ask, join_refuse, join_withdraw
from apps.core.api.contents import PersonSerializer
from apps.core.api.views import PlatformViewSet, found
from apps.core.validators import validate_text

TAGS = ["organisations"]


class JoinRequestSerializer(serializers.ModelSerializer[JoinRequest]):
    """As its owners read it."""

    id = serializers.CharField(source="public_id", read_only=True)
    person = PersonSerializer(read_only=True)

    class Meta:
        model = JoinRequest
        fields = ("id", "person", "note", "state", "asked_at", "decided_at")
        read_only_fields = fields


class AskedSerializer(serializers.ModelSerializer[JoinRequest]):
    """As the person who asked reads it: nothing of who is there, or who answered."""

    id = serializers.CharField(source="public_id", read_only=True)
    organisation = serializers.CharField(source="organisation.name", read_only=True)

    class Meta:
        model = JoinRequest
        fields = ("id", "organisation", "note", "state", "asked_at", "decided_at")
        read_only_fields = fields


class AskingSerializer(serializers.Serializer[Any]):
    organisation = serializers.CharField(max_length=100, help_text=_("统一社会信用代码或机构全称"))
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, validators=[validate_text])

    def validate_organisation(self, typed: str) -> Organisation:
        form = JoinForm({"which": typed})
        if not form.is_valid():
            raise serializers.ValidationError([str(error) for error in form.errors["which"]])
        organisation: Organisation = form.cleaned_data["which"]
        return organisation


_DONE = {204: OpenApiResponse(description=_("已办理"))}


@extend_schema_view(
    list=extend_schema(summary=_("等待我单位答复的加入申请"), responses=JoinRequestSerializer, tags=TAGS),
    create=extend_schema(
        summary=_("申请加入一家机构"), request=AskingSerializer, responses={201: AskedSerializer}, tags=TAGS
    ),
    approve=extend_schema(summary=_("同意加入"), request=None, responses=_DONE, tags=TAGS),
    refuse=extend_schema(summary=_("婉拒加入"), request=None, responses=_DONE, tags=TAGS),
    withdraw=extend_schema(summary=_("撤回我的申请"), request=None, responses=_DONE, tags=TAGS),
)
class JoinRequestViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated,)
    serializer_class = JoinRequestSerializer
    queryset = JoinRequest.objects.none()  # names the model for the schema

    def list(self, request: Request) -> Response:
        organisation = found(organisation_of(self.person))
        can_manage_organisation(self.person, organisation).require()
        return self.listed(requests_to_answer(organisation), lambda row: row, JoinRequestSerializer)

    def create(self, request: Request) -> Response:
        asked = join_ask(by=self.person, **self.valid(AskingSerializer))
        return Response(AskedSerializer(asked).data, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"])
    def approve(self, request: Request, public_id: str) -> Response:
        return self._answered(join_approve)

    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, public_id: str) -> Response:
        return self._answered(join_refuse)

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, public_id: str) -> Response:
        mine = JoinRequest.objects.select_related("organisation").filter(public_id=public_id, person=self.person)
        join_withdraw(request=found(mine.first()), by=self.person)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _answered(self, answer: Callable[..., Any]) -> Response:
        rows = JoinRequest.objects.select_related("organisation", "person")
        asked = found(
            rows.filter(public_id=self.kwargs["public_id"], organisation=organisation_of(self.person)).first()
        )
        answer(request=asked, by=self.person)
        return Response(status=status.HTTP_204_NO_CONTENT)
