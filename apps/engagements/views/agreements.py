"""The non-disclosure agreement: read as a PDF, confirmed by a button."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.core import audit
from apps.engagements import services
from apps.engagements.agreement_panel import names_for
from apps.engagements.agreement_pdf import agreement_pdf
from apps.engagements.selectors import agreements_of
from apps.engagements.views.shared import SignedInRequest


@login_required
@require_safe
def agreement(request: SignedInRequest, public_id: str) -> HttpResponse:
    row = get_object_or_404(agreements_of(request.user), engagement__public_id=public_id)
    audit.record_view(row.engagement, "file.downloaded", by=request.user, detail={"file": f"nda-{public_id}.pdf"})
    response = HttpResponse(agreement_pdf(row, names_for(request.user, row)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="nda-{public_id}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def agreement_confirm(request: SignedInRequest, public_id: str) -> HttpResponse:
    row = get_object_or_404(agreements_of(request.user), engagement__public_id=public_id)
    confirmed = services.agreement_confirm(agreement=row, by=request.user, seen=request.GET.get("seen", ""))
    text = (
        _("保密协议已生效，现在可以看到对方的联系方式。")
        if confirmed.signed_at
        else _("已确认，等待对方确认保密协议。")
    )
    messages.success(request, text)
    return redirect("engagements:detail", public_id)
