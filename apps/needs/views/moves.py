"""Buttons that move a need from state to state: each calls one service and returns to the need's page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.views.signed_in import signed_in
from apps.needs import services
from apps.needs.models import Need, NeedState
from apps.needs.selectors import need_for


def _visible_need(request: HttpRequest, public_id: str) -> Need:
    need = need_for(request.user, public_id)
    if need is None:
        raise Http404
    return need


def _done(request: HttpRequest, need: Need, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect("needs:detail", need.public_id)


@login_required
@require_POST
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    need = services.need_close(need=_visible_need(request, public_id), by=signed_in(request))
    return _done(request, need, _("需求已关闭，随时可以重新打开。"))


@login_required
@require_POST
def reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    need = _visible_need(request, public_id)
    try:
        need = services.need_reopen(need=need, by=signed_in(request))
    except ValidationError as error:
        messages.error(request, _("暂时不能重新发布：%(reason)s") % {"reason": " ".join(error.messages)})
        return redirect("needs:detail", need.public_id)
    if need.state == NeedState.DRAFT:
        return _done(request, need, _("需求已恢复为草稿，可以继续填写。"))
    return _done(request, need, _("需求已重新发布，正在重新匹配。"))


@login_required
@require_POST
def renew(request: HttpRequest, public_id: str) -> HttpResponse:
    need = services.need_renew(need=_visible_need(request, public_id), by=signed_in(request))
    return _done(request, need, _("已续期至 %(day)s。") % {"day": need.valid_until.isoformat()})


@login_required
@require_POST
def solve(request: HttpRequest, public_id: str) -> HttpResponse:
    need = services.need_solve(need=_visible_need(request, public_id), by=signed_in(request))
    return _done(request, need, _("恭喜！需求已标记为已解决。"))


@login_required
@require_POST
def recall(request: HttpRequest, public_id: str) -> HttpResponse:
    need = services.need_recall(need=_visible_need(request, public_id), by=signed_in(request))
    messages.success(request, _("已撤回提交，可以继续修改。"))
    return redirect("needs:edit", need.public_id)
