"""Organisations, and tokens for programs."""

from collections.abc import Mapping
from typing import Any

import django_filters
from django.contrib.auth import authenticate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api.serializers import (
    OrganisationChangesSerializer,
    OrganisationRegistrationSerializer,
    OrganisationSerializer,
    OwnOrganisationSerializer,
    SignInSerializer,
    TokenSerializer,
)
from apps.accounts.models import Organisation, OrganisationKind, OrganisationState, User
from apps.accounts.permissions import can_see_organisation
from apps.accounts.profile_facts import AnswerRecord, answers_of
from apps.accounts.selectors import organisation_of
from apps.accounts.services import organisation_register, organisation_update, token_create, token_revoke
from apps.core.api.schema import PlatformSchema
from apps.core.api.throttling import SignInThrottle, UserThrottle
from apps.core.api.views import AUTHENTICATION, PlatformViewSet, found
from apps.core.withheld import shown_of

LOCKED_OUT_SECONDS = 15 * 60


class OrganisationFilter(FilterSet):
    kind = django_filters.ChoiceFilter(choices=OrganisationKind.choices)
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("名称中含有"))

    class Meta:
        model = Organisation
        fields = ("kind",)


@extend_schema_view(
    list=extend_schema(summary=_("已核验的机构"), responses=OrganisationSerializer, tags=["organisations"]),
    retrieve=extend_schema(summary=_("一家机构"), responses=OrganisationSerializer, tags=["organisations"]),
    own=extend_schema(summary=_("我的机构"), responses=OwnOrganisationSerializer, tags=["organisations"]),
)
class OrganisationViewSet(PlatformViewSet):
    serializer_class = OrganisationSerializer
    filterset_class = OrganisationFilter
    queryset = Organisation.objects.select_related("district")

    def get_permissions(self) -> list[Any]:
        return [IsAuthenticated() if self.action in ("own", "change", "create") else AllowAny()]

    def list(self, request: Request) -> Response:
        verified = self.get_queryset().filter(shown_of(Organisation), state=OrganisationState.VERIFIED)
        page: list[Organisation] = self.paginate_queryset(self.filter_queryset(verified)) or []
        answers = answers_of([row.pk for row in page])
        shown = [_with_answers(row, answers) for row in page]
        return self.get_paginated_response(OrganisationSerializer(shown, many=True).data)

    @extend_schema(
        summary=_("登记我的机构，登记的人是负责人"),
        request=OrganisationRegistrationSerializer,
        responses={201: OwnOrganisationSerializer},
        tags=["organisations"],
    )
    def create(self, request: Request) -> Response:
        fields = self.valid(OrganisationRegistrationSerializer)
        organisation = organisation_register(organisation=Organisation(**fields), by=self.person)
        return Response(OwnOrganisationSerializer(organisation).data, status=status.HTTP_201_CREATED)

    def retrieve(self, request: Request, public_id: str) -> Response:
        row = found(self.get_queryset().filter(public_id=public_id).first())
        shown = found(row if can_see_organisation(self.person, row) else None)
        return Response(OrganisationSerializer(_with_answers(shown)).data)

    @action(detail=False, methods=["get"], url_path="own", filterset_class=None)
    def own(self, request: Request) -> Response:
        return Response(OwnOrganisationSerializer(_with_answers(found(organisation_of(self.person)))).data)

    @extend_schema(
        summary=_("修改我的机构"),
        request=OrganisationChangesSerializer,
        responses=OwnOrganisationSerializer,
        tags=["organisations"],
    )
    @own.mapping.patch
    def change(self, request: Request) -> Response:
        organisation = found(organisation_of(self.person))
        fields = self.valid(OrganisationChangesSerializer)
        tiers, seen = fields.pop("tiers", None), fields.pop("revision")
        organisation_update(organisation=organisation, by=self.person, seen=seen, fields=fields, tiers=tiers)
        organisation.refresh_from_db()
        return Response(OwnOrganisationSerializer(_with_answers(organisation)).data)


def _with_answers(row: Organisation, known: Mapping[int, AnswerRecord] | None = None) -> Organisation:
    row.answers = (answers_of([row.pk]) if known is None else known).get(row.pk)  # type: ignore[attr-defined]  # for the serializer
    return row


class TokenView(APIView):
    """Sign-in for programs. Failed tries count towards the same lock as on the website."""

    schema = PlatformSchema()
    authentication_classes = AUTHENTICATION

    def get_permissions(self) -> list[Any]:
        return [AllowAny() if self.request.method == "POST" else IsAuthenticated()]

    def get_throttles(self) -> list[Any]:
        return [SignInThrottle(), UserThrottle()] if self.request.method == "POST" else [UserThrottle()]

    @extend_schema(
        summary=_("以邮箱和密码换取令牌"),
        request=SignInSerializer,
        responses={201: TokenSerializer},
        auth=[],
        tags=["token"],
    )
    def post(self, request: Request) -> Response:
        given = SignInSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        email, password = given.validated_data["email"].lower(), given.validated_data["password"]
        # The lock counts on the plain request, which it also marks when it closes.
        plain = request._request  # noqa: SLF001  (DRF has no public name for it)
        user = authenticate(request=plain, username=email, password=password)
        if getattr(plain, "axes_locked_out", False):
            plain.axes_locked_out = False  # type: ignore[attr-defined]  # the answer is ours, not a page
            raise Throttled(LOCKED_OUT_SECONDS, gettext("连续多次未能登录，为保护账号安全，系统暂停了登录。"))
        if not isinstance(user, User):
            raise AuthenticationFailed(_("邮箱或密码不正确，请核对后再试。"))
        return Response({"token": token_create(user=user)}, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary=_("作废我的令牌"),
        request=None,
        responses={204: OpenApiResponse(description=_("已作废"))},
        tags=["token"],
    )
    def delete(self, request: Request) -> Response:
        token_revoke(user=request.user)  # type: ignore[arg-type]  # nobody else is let in
        return Response(status=status.HTTP_204_NO_CONTENT)
