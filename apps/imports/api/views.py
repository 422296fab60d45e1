"""Imports, for programs: the same steps as in the browser, by the same services."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.parsers import BoundedJSONParser
from apps.core.api.views import PlatformViewSet, found
from apps.imports.api.serializers import (
    ColumnsSerializer,
    ImportSerializer,
    MappingSerializer,
    PlaceSerializer,
    RemarkSerializer,
    RunSerializer,
    UploadSerializer,
)
from apps.imports.columns import columns_of, guess, heading_line, headings_of, sheet_of
from apps.imports.doors import field_label, fields_for
from apps.imports.error_files import errors_response
from apps.imports.models import Import
from apps.imports.permissions import can_import_files, can_work_on
from apps.imports.services import import_cancel, import_map, import_run, import_undo, import_upload


def _step(summary: Any, request: Any = None) -> Any:
    return extend_schema(summary=summary, request=request, responses=ImportSerializer)


@extend_schema_view(
    list=_step(_("我能看到的批量导入")),
    retrieve=_step(_("一次批量导入的进度和结果")),
    create=extend_schema(
        summary=_("上传要导入的文件"),
        request={"multipart/form-data": UploadSerializer},
        responses={201: ImportSerializer},
    ),
    columns=extend_schema(
        summary=_("各列的推测含义，和可选的字段"), parameters=[PlaceSerializer], responses=ColumnsSerializer
    ),
    check=_step(_("确定各列的含义，开始检查"), MappingSerializer),
    run=_step(_("开始导入检查通过的行"), RunSerializer),
    cancel=_step(_("取消导入")),
    undo=_step(_("撤销整次导入")),
    remarks=extend_schema(summary=_("逐行的错误、提示和未撤销的原因"), responses=RemarkSerializer(many=True)),
    errors=extend_schema(summary=_("下载有误的行"), responses=OpenApiTypes.BINARY),
)
@extend_schema(tags=["imports"])
class ImportViewSet(PlatformViewSet):
    permission_classes = (IsAuthenticated,)
    parser_classes = (BoundedJSONParser, MultiPartParser)
    serializer_class = ImportSerializer
    queryset = Import.objects.none()  # names the model for the schema

    def list(self, request: Request) -> Response:
        rows = Import.objects.visible_to(self.person).select_related("organisation")
        return self.listed(rows, lambda row: row, ImportSerializer)

    def retrieve(self, request: Request, public_id: str) -> Response:
        return self._shown()

    def create(self, request: Request) -> Response:
        can_import_files(self.person).require()
        given = self.valid(UploadSerializer)
        job = import_upload(kind=given["kind"], upload=given["file"], by=self.person)
        return Response(ImportSerializer(job).data, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["get"])
    def columns(self, request: Request, public_id: str) -> Response:
        job = self._job()
        can_work_on(self.person, job).require()
        asked = PlaceSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return Response(ColumnsSerializer(_columns(job, _guessed(job, asked.validated_data))).data)

    @action(detail=True, methods=["post"])
    def check(self, request: Request, public_id: str) -> Response:
        job = self._job()
        can_work_on(self.person, job).require()
        given = self.valid(MappingSerializer)
        import_map(job=job, by=self.person, **_guessed(job, given) | given)
        return self._shown()

    @action(detail=True, methods=["post"])
    def run(self, request: Request, public_id: str) -> Response:
        import_run(job=self._job(), by=self.person, **self.valid(RunSerializer))
        return self._shown()

    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, public_id: str) -> Response:
        import_cancel(job=self._job(), by=self.person)
        return self._shown()

    @action(detail=True, methods=["post"])
    def undo(self, request: Request, public_id: str) -> Response:
        import_undo(job=self._job(), by=self.person)
        return self._shown()

    @action(detail=True, methods=["get"])
    def remarks(self, request: Request, public_id: str) -> Response:
        return self.listed(self._job().remarks.order_by("line", "id"), lambda row: row, RemarkSerializer)

    @action(detail=True, methods=["get"])
    def errors(self, request: Request, public_id: str) -> HttpResponseBase:
        job = self._job()
        return errors_response(found(job if job.has_errors_file else None))

    def _job(self) -> Import:
        rows = Import.objects.visible_to(self.person).select_related("organisation", "started_by")
        return found(rows.filter(public_id=self.kwargs["public_id"]).first())

    def _shown(self) -> Response:
        return Response(ImportSerializer(self._job()).data)


def _guessed(job: Import, given: dict[str, Any]) -> dict[str, Any]:
    """The sheet and the line of its heading, given or guessed, and what its columns mean as far as is known."""
    stored = {"sheet": job.sheet, "heading_line": job.heading_line, "mapping": job.mapping}
    name = given.get("sheet", job.sheet)
    sheet, fields = sheet_of(job.top, name), fields_for(job)
    if sheet is None:
        return stored | {"sheet": name}
    line = given.get("heading_line") or (job.heading_line if name == job.sheet else heading_line(sheet, fields))
    if (name, line) == (job.sheet, job.heading_line):
        return stored
    return {"sheet": name, "heading_line": line, "mapping": guess(headings_of(columns_of(sheet, line)), fields)}


def _columns(job: Import, place: dict[str, Any]) -> dict[str, Any]:
    sheet, fields = sheet_of(job.top, place["sheet"]), fields_for(job)
    columns = columns_of(sheet, place["heading_line"]) if sheet else []
    return {
        "sheets": [known["name"] for known in job.top.get("sheets", ())],
        "sheet": place["sheet"],
        "heading_line": place["heading_line"],
        "columns": [
            {
                "number": column.number,
                "heading": column.heading,
                "samples": column.samples,
                "meaning": place["mapping"].get(str(column.number), ""),
            }
            for column in columns
        ],
        "known": [
            {"name": name, "title": field_label(fields, name), "is_required": name in fields.required}
            for name in fields.spellings
        ],
    }
