"""The vocabularies as the office keeps them, for programs: the same services and rules as its pages."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from apps.administration.api import serializers as shapes
from apps.administration.api.doors import TAGS, OfficeViewSet, read_query
from apps.administration.forms.terms import MergeTargetForm, TermForm
from apps.administration.services.merging import can_merge, term_merge
from apps.core.api.views import found
from apps.taxonomy import services
from apps.taxonomy.models import Alias, Term, Vocabulary


class OfficeTermFilter(FilterSet):
    vocabulary = django_filters.ChoiceFilter(choices=Vocabulary.choices)
    is_active = django_filters.BooleanFilter()

    class Meta:
        model = Term
        fields = ("vocabulary", "is_active")


def _does(summary: Any, request: Any, response: Any) -> Any:
    return extend_schema(summary=summary, request=request, responses=response, tags=TAGS)


@extend_schema_view(
    list=extend_schema(summary=_("词表的全部词条，含停用的"), responses=shapes.OfficeTermSerializer, tags=TAGS),
    retrieve=extend_schema(summary=_("一个词条"), responses=shapes.OfficeTermSerializer, tags=TAGS),
    create=_does(_("新增词条"), shapes.NewTermSerializer, {201: shapes.OfficeTermSerializer}),
    partial_update=_does(_("修改、停用或重新启用词条"), shapes.TermFieldsSerializer, shapes.OfficeTermSerializer),
    alias=_does(_("新增别名"), shapes.NewAliasSerializer, {201: shapes.OfficeTermSerializer}),
    alias_remove=_does(_("删除别名"), None, {204: OpenApiResponse(description=_("已删除"))}),
    merge=_does(_("并入另一个词条，不能撤销"), shapes.MergeSerializer, shapes.MergedSerializer),
)
class OfficeTermViewSet(OfficeViewSet):
    serializer_class = shapes.OfficeTermSerializer
    filterset_class = OfficeTermFilter
    queryset = Term.objects.select_related("parent", "merged_into").prefetch_related("aliases").order_by("id")
    lookup_field = "pk"
    lookup_value_regex = "[0-9]{1,12}"
    reading = ("list", "retrieve")

    def list(self, request: Request) -> Response:
        return self.listed(self.get_queryset(), lambda row: row, shapes.OfficeTermSerializer)

    def retrieve(self, request: Request, pk: str) -> Response:
        return self._shown()

    def create(self, request: Request) -> Response:
        given = self.valid(shapes.NewTermSerializer)
        fields = read_query(TermForm(given, vocabulary=given["vocabulary"]))
        term = services.term_add(by=self.person, vocabulary=given["vocabulary"], **fields)
        return Response(shapes.OfficeTermSerializer(term).data, status=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        row, given = self._row(), self.valid(shapes.TermFieldsSerializer)
        is_active, seen = given.pop("is_active", None), given.pop("seen")
        as_it_is = dict(TermForm(vocabulary=row.vocabulary, term=row).initial)
        fields = read_query(TermForm(as_it_is | given, vocabulary=row.vocabulary, term=row)) if given else {}
        fields = {name: fields[name] for name in given}
        services.term_update(term=row, by=self.person, fields=fields, is_active=is_active, seen=seen)
        return self._shown()

    @action(detail=True, methods=["post"], url_path="aliases", url_name="aliases")
    def alias(self, request: Request, pk: str) -> Response:
        row = self._row()
        services.alias_add(term=row, by=self.person, text=self.valid(shapes.NewAliasSerializer)["text"])
        return self._shown(status.HTTP_201_CREATED)

    @action(detail=True, methods=["delete"], url_path="aliases/(?P<alias>[0-9]{1,12})", url_name="alias")
    def alias_remove(self, request: Request, pk: str, alias: str) -> Response:
        row = found(Alias.objects.select_related("term").filter(pk=int(alias), term=int(pk)).first())
        services.alias_remove(alias=row, by=self.person)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        row, given = self._row(), self.valid(shapes.MergeSerializer)
        into = read_query(MergeTargetForm(given, vocabulary=row.vocabulary))["into"]
        decision = can_merge(row, into)
        if not decision:
            raise ValidationError({"into": [str(decision.reason)]})
        counts = term_merge(term=row, into=into, by=self.person, typed=given["typed"])
        return Response({"rows": counts})

    def _row(self) -> Term:
        row: Term | None = self.get_queryset().filter(pk=int(self.kwargs["pk"])).first()
        return found(row)

    def _shown(self, code: int = status.HTTP_200_OK) -> Response:
        return Response(shapes.OfficeTermSerializer(self._row()).data, status=code)
