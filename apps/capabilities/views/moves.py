"""Buttons that move a capability from state to state: each calls one service and returns to its page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.views.signed_in import signed_in
from apps.capabilities import services
from apps.capabilities.models import Capability, CapabilityState
from apps.capabilities.selectors import capability_for


def _visible(request: HttpRequest, public_id: str) -> Capability:
    capability = capability_for(request.user, public_id)
    if capability is None:
        raise Http404
    return capability


def _done(request: HttpRequest, capability: Capability, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect("capabilities:detail", capability.public_id)


@login_required
@require_POST
def archive(request: HttpRequest, public_id: str) -> HttpResponse:
    capability = services.capability_archive(capability=_visible(request, public_id), by=signed_in(request))
    return _done(request, capability, _("资源已下架，随时可以重新上架。"))


@login_required
@require_POST
def reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    capability = services.capability_reopen(capability=_visible(request, public_id), by=signed_in(request))
    if capability.state == CapabilityState.DRAFT:
        return _done(request, capability, _("资源已恢复为草稿，补充完整后可以再次发布。"))
    return _done(request, capability, _("资源已重新上架，正在匹配适合的需求。"))


@login_required
@require_POST
def confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    capability = services.capability_confirm(capability=_visible(request, public_id), by=signed_in(request))
    return _done(request, capability, _("已确认，有效期至 %(day)s。") % {"day": capability.valid_until.isoformat()})


@login_required
@require_POST
def recall(request: HttpRequest, public_id: str) -> HttpResponse:
    capability = services.capability_recall(capability=_visible(request, public_id), by=signed_in(request))
    messages.success(request, _("已撤回提交，可以继续修改。"))
    return redirect("capabilities:edit", capability.public_id)
