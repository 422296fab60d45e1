"""What the pages share: which imports there are for a person."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from apps.accounts.views.signed_in import signed_in
from apps.imports.models import Import


def imports_of(request: HttpRequest) -> QuerySet[Import]:
    return Import.objects.visible_to(signed_in(request)).select_related("organisation", "started_by")


def import_of(request: HttpRequest, public_id: str) -> Import:
    return get_object_or_404(imports_of(request), public_id=public_id)
