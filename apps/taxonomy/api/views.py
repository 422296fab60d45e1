"""The vocabularies, read-only: the codes that other endpoints take and give."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.permissions import AllowAny

from apps.core.api.views import PlatformViewSet
from apps.taxonomy.models import Term, Vocabulary


class VocabularyTermSerializer(serializers.ModelSerializer[Term]):
    parent_code = serializers.CharField(source="parent.code", default=None, allow_null=True, read_only=True)
    aliases = serializers.SlugRelatedField[Any](slug_field="text", many=True, read_only=True)

    class Meta:
        model = Term
        fields = ("vocabulary", "code", "name", "name_en", "parent_code", "aliases", "description")


class TermFilter(FilterSet):
    vocabulary = django_filters.ChoiceFilter(choices=Vocabulary.choices)
    q = django_filters.CharFilter(method="mentioning", label=_("名称、英文名或别名中含有"))

    def mentioning(self, rows: QuerySet[Term], name: str, value: str) -> QuerySet[Term]:
        named = Q(name__icontains=value) | Q(name_en__icontains=value) | Q(aliases__text__icontains=value)
        return rows.filter(named).distinct()

    class Meta:
        model = Term
        fields = ("vocabulary",)


@extend_schema_view(
    list=extend_schema(summary=_("词表：产业链、技术领域、标签、合作方式等的代码与名称"), tags=["terms"])
)
class TermViewSet(ListModelMixin, PlatformViewSet):
    permission_classes = (AllowAny,)
    serializer_class = VocabularyTermSerializer
    filterset_class = TermFilter
    queryset = Term.objects.filter(is_active=True).select_related("parent").prefetch_related("aliases")
