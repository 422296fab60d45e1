"""The row that a page of the desk is about."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from apps.accounts.models import Organisation
from apps.accounts.views.signed_in import signed_in
from apps.capabilities.models import Capability
from apps.capabilities.selectors import with_terms as with_capability_terms
from apps.needs.models import Need
from apps.needs.selectors import with_terms as with_need_terms
from apps.review.models import Row
from apps.review.permissions import can_handle, can_use_desk

MODELS: Mapping[str, Any] = {"organisations": Organisation, "needs": Need, "capabilities": Capability}


def row_or_404(request: HttpRequest, tab: str, public_id: str) -> Row:
    """For who may decide about it; rows are not even looked for on behalf of others."""
    user = signed_in(request)
    can_use_desk(user).require()
    if tab not in MODELS:
        raise Http404
    rows = MODELS[tab].objects.all()
    if tab == "needs":
        rows = with_need_terms(rows).select_related("contact", "created_by", "ip_terms")
    elif tab == "capabilities":
        rows = with_capability_terms(rows).select_related("contact__membership", "created_by")
    row: Row = get_object_or_404(rows, public_id=public_id)
    can_handle(user, row).require()
    return row
