"""The office for programs: people, settings, switches, announcements, the trail, retention, erasures."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.administration.api import serializers as shapes
from apps.administration.api.doors import TAGS, OfficeViewSet, read_query
from apps.administration.forms.people import PeopleFilter
from apps.administration.forms.trail import TrailFilter
from apps.administration.models import Announcement, ErasureRequest, RetentionRun
from apps.administration.selectors import history_of, people, setting_rows
from apps.administration.services.announcements import announcement_end, announcement_save
from apps.administration.services.erasure import erasure_cancel, erasure_carry_out
from apps.administration.services.people import Duty, person_close, person_invite, person_reopen, person_set_duty
from apps.administration.trail.lines import lines
from apps.administration.trail.search import trail, trail_page
from apps.core.api.views import PUBLIC_ID_PATTERN, found
from apps.core.city_settings import Setting, city_setting_change, registered_settings
from apps.core.switches import Switch, is_on, registered_switches

NUMBER = "[0-9]{1,12}"
DONE = OpenApiResponse(description=_("已完成"))


def _does(summary: Any, request: Any, response: Any) -> Any:
    return extend_schema(summary=summary, request=request, responses=response, tags=TAGS)


@extend_schema_view(
    list=extend_schema(summary=_("查找人员：q、role、state"), responses=shapes.OfficePersonSerializer, tags=TAGS),
    retrieve=extend_schema(summary=_("一位人员的角色与账号"), responses=shapes.OfficePersonSerializer, tags=TAGS),
    partial_update=_does(_("调整角色与负责区域"), shapes.DutySerializer, shapes.OfficePersonSerializer),
    create=_does(_("邀请工作人员"), shapes.InvitationSerializer, {202: OpenApiResponse(description=_("邀请已发出"))}),
    close=_does(_("停用账号"), shapes.ReasonSerializer, shapes.OfficePersonSerializer),
    reopen=_does(_("重新启用账号"), None, shapes.OfficePersonSerializer),
)
class PersonViewSet(OfficeViewSet):
    serializer_class = shapes.OfficePersonSerializer
    queryset = User.objects.none()  # names the model for the schema
    lookup_field = "pk"
    lookup_value_regex = NUMBER

    def list(self, request: Request) -> Response:
        rows = people(read_query(PeopleFilter(request.query_params)))
        return self.listed(rows, lambda row: row, shapes.OfficePersonSerializer)

    def retrieve(self, request: Request, pk: str) -> Response:
        return self._shown()

    def create(self, request: Request) -> Response:
        given = self.valid(shapes.InvitationSerializer)
        duty = Duty.of(given["role"], given["covers_city"], given["districts"])
        person_invite(email=given["email"], by=self.person, duty=duty)
        return Response(status=status.HTTP_202_ACCEPTED)

    def partial_update(self, request: Request, pk: str) -> Response:
        row, given = self._row(), self.valid(shapes.DutySerializer)
        duty = Duty.of(given["role"], given["covers_city"], given["districts"])
        person_set_duty(person=row, by=self.person, duty=duty, reason=given["reason"], seen=given["seen"])
        return self._shown()

    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        row = self._row()
        person_close(person=row, by=self.person, reason=self.valid(shapes.ReasonSerializer)["reason"])
        return self._shown()

    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        person_reopen(person=self._row(), by=self.person)
        return self._shown()

    def _row(self) -> User:
        return found(people({}).filter(pk=self.kwargs["pk"]).first())

    def _shown(self) -> Response:
        return Response(shapes.OfficePersonSerializer(self._row()).data)


@extend_schema_view(
    list=extend_schema(summary=_("全部城市设置"), responses=shapes.SettingSerializer(many=True), tags=TAGS),
    retrieve=extend_schema(summary=_("一项设置与它的历史"), responses=shapes.SettingInFullSerializer, tags=TAGS),
    partial_update=_does(_("修改一项设置"), shapes.SettingChangeSerializer, shapes.SettingInFullSerializer),
)
class SettingViewSet(OfficeViewSet):
    lookup_field = "key"
    lookup_value_regex = r"[a-z_.0-9]{1,60}"
    pagination_class = None
    filter_backends = ()

    def list(self, request: Request) -> Response:
        rows = setting_rows()
        told = [_told(setting, rows) for setting in registered_settings()]
        return Response(shapes.SettingSerializer(told, many=True).data)

    def retrieve(self, request: Request, key: str) -> Response:
        return self._shown()

    def partial_update(self, request: Request, key: str) -> Response:
        setting, given = self._setting(), self.valid(shapes.SettingChangeSerializer)
        city_setting_change(
            key=setting.key, value=given["value"], by=self.person, reason=given["reason"], seen=given.get("seen")
        )
        return self._shown()

    def _setting(self) -> Setting:
        return _named([one for one in registered_settings() if one.key == self.kwargs["key"]])

    def _shown(self) -> Response:
        told = _told(self._setting(), setting_rows())
        history = lines(history_of(told["row"])) if told["row"] else []
        return Response(shapes.SettingInFullSerializer(told | {"history": history}).data)


def _told(setting: Setting, rows: dict[str, Any]) -> dict[str, Any]:
    row = rows.get(setting.key)
    return {"setting": setting, "row": row, "value": row.value if row else setting.default}


def _named[Thing](those: list[Thing]) -> Thing:
    if not those:
        found(None)
    return those[0]


@extend_schema_view(
    list=extend_schema(summary=_("功能开关"), responses=shapes.SwitchSerializer(many=True), tags=TAGS),
    turn=_does(_("开启或关闭一项功能"), shapes.TurnSerializer, shapes.SwitchSerializer),
)
class SwitchViewSet(OfficeViewSet):
    lookup_field = "name"
    lookup_value_regex = "[a-z_]{1,40}"
    pagination_class = None
    filter_backends = ()

    def list(self, request: Request) -> Response:
        return Response(shapes.SwitchSerializer([_state(one) for one in registered_switches()], many=True).data)

    @action(detail=True, methods=["post"])
    def turn(self, request: Request, name: str) -> Response:
        switch = _named([one for one in registered_switches() if one.name == name])
        given = self.valid(shapes.TurnSerializer)
        city_setting_change(key=switch.key, value=given["is_on"], by=self.person, reason=given["reason"])
        return Response(shapes.SwitchSerializer(_state(switch)).data)


def _state(switch: Switch) -> dict[str, Any]:
    return {"switch": switch, "is_on": is_on(switch.name)}


@extend_schema_view(
    list=extend_schema(summary=_("全部公告"), responses=shapes.AnnouncementSerializer, tags=TAGS),
    create=_does(_("发布公告"), shapes.AnnouncementFieldsSerializer, {201: shapes.AnnouncementSerializer}),
    partial_update=_does(_("修改公告"), shapes.AnnouncementChangesSerializer, shapes.AnnouncementSerializer),
    end=_does(_("提前结束公告"), shapes.AnnouncementEndSerializer, shapes.AnnouncementSerializer),
)
class AnnouncementViewSet(OfficeViewSet):
    serializer_class = shapes.AnnouncementSerializer
    queryset = Announcement.objects.select_related("district", "written_by")
    lookup_value_regex = PUBLIC_ID_PATTERN
    reading = ("list",)

    def list(self, request: Request) -> Response:
        return self.listed(self.get_queryset(), lambda row: row, shapes.AnnouncementSerializer)

    def create(self, request: Request) -> Response:
        row = announcement_save(by=self.person, values=self.valid(shapes.AnnouncementFieldsSerializer))
        return Response(shapes.AnnouncementSerializer(row).data, status=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, public_id: str) -> Response:
        row, given = self._row(), self.valid(shapes.AnnouncementChangesSerializer)
        announcement_save(by=self.person, values=given, announcement=row, seen=given.pop("seen"))
        return Response(shapes.AnnouncementSerializer(self._row()).data)

    @action(detail=True, methods=["post"])
    def end(self, request: Request, public_id: str) -> Response:
        seen = self.valid(shapes.AnnouncementEndSerializer).get("seen", "")
        announcement_end(announcement=self._row(), by=self.person, seen=seen)
        return Response(shapes.AnnouncementSerializer(self._row()).data)

    def _row(self) -> Announcement:
        row: Announcement | None = self.get_queryset().filter(public_id=self.kwargs["public_id"]).first()
        return found(row)


@extend_schema_view(
    list=extend_schema(
        summary=_("谁改了什么、看了什么：what、person、action、kind、number、since、until、address、after"),
        responses=shapes.TrailPageSerializer,
        tags=TAGS,
    )
)
class TrailViewSet(OfficeViewSet):
    pagination_class = None
    filter_backends = ()

    def list(self, request: Request) -> Response:
        rows = trail(read_query(TrailFilter(request.query_params)))
        page = trail_page(rows, request.query_params.get("after", ""))
        return Response(shapes.TrailPageSerializer({"results": lines(page.entries), "older": page.older}).data)


@extend_schema_view(
    list=extend_schema(summary=_("数据清理的最近一次运行"), responses=shapes.RetentionSerializer, tags=TAGS)
)
class RetentionViewSet(OfficeViewSet):
    serializer_class = shapes.RetentionSerializer
    queryset = RetentionRun.objects.order_by("rule")

    def list(self, request: Request) -> Response:
        return self.listed(self.get_queryset(), lambda row: row, shapes.RetentionSerializer)


@extend_schema_view(
    list=extend_schema(summary=_("注销申请"), responses=shapes.ErasureSerializer, tags=TAGS),
    retrieve=extend_schema(summary=_("一份注销申请"), responses=shapes.ErasureSerializer, tags=TAGS),
    carry_out=_does(_("办理注销：清除个人信息"), shapes.TypedSerializer, shapes.ErasureSerializer),
    cancel=_does(_("替申请人撤回注销申请"), None, shapes.ErasureSerializer),
)
class ErasureViewSet(OfficeViewSet):
    serializer_class = shapes.ErasureSerializer
    queryset = ErasureRequest.objects.select_related("person", "decided_by").order_by("-asked_at", "-id")

    def list(self, request: Request) -> Response:
        return self.listed(self.get_queryset(), lambda row: row, shapes.ErasureSerializer)

    def retrieve(self, request: Request, public_id: str) -> Response:
        return self._shown()

    @action(detail=True, methods=["post"], url_path="carry-out")
    def carry_out(self, request: Request, public_id: str) -> Response:
        row, typed = self._row(), self.valid(shapes.TypedSerializer)["typed"]
        erasure_carry_out(request=row, by=self.person, typed=typed)
        return self._shown()

    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, public_id: str) -> Response:
        erasure_cancel(request=self._row(), by=self.person)
        return self._shown()

    def _row(self) -> ErasureRequest:
        row: ErasureRequest | None = self.get_queryset().filter(public_id=self.kwargs["public_id"]).first()
        return found(row)

    def _shown(self) -> Response:
        return Response(shapes.ErasureSerializer(self._row()).data)
