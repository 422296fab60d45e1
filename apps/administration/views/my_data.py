"""One's own data: taken out, and asked to be forgotten."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.views.signed_in import signed_in
from apps.administration.erasing.plan import plan_for
from apps.administration.models import ErasureRequest, ErasureState
from apps.administration.own_data import own_data
from apps.administration.services.erasure import can_be_forgotten, erasure_ask, erasure_cancel
from apps.core import audit, clock


@login_required
@require_safe
@never_cache
def my_data(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    context = {
        "waiting": ErasureRequest.objects.filter(person=user, state=ErasureState.WAITING).first(),
        "plan": plan_for(user, with_mentions=False),
        "decision": can_be_forgotten(user),
    }
    return render(request, "administration/my_data.html", context)


@login_required
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    audit.record_view(user, "personal_data.exported", by=user)
    body = json.dumps(own_data(user), ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)
    name = _("我的数据-%(day)s.json") % {"day": clock.today()}
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(
        body,
        content_type="application/json",
        headers={"Content-Disposition": disposition, "Cache-Control": "private, no-store"},
    )


@login_required
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    erasure_ask(person=signed_in(request))
    messages.success(request, _("已收到您的申请。三十天内随时可以撤回。"))
    return redirect("my_data")


@login_required
@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    row = get_object_or_404(ErasureRequest, person=user, state=ErasureState.WAITING)
    erasure_cancel(request=row, by=user)
    messages.success(request, _("申请已撤回，账号照常使用。"))
    return redirect("my_data")
