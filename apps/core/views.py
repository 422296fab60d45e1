"""Pages that belong to no other app: error pages, the living style guide, the liveness probe."""

import sys

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from apps.core.origin import current_origin
from apps.core.styleguide import samples
from apps.core.switches import SwitchedOff


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: the process answers. Asks nothing of the database or the broker."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@cache_control(max_age=86_400, public=True)
def favicon(request: HttpRequest) -> HttpResponse:
    """What browsers ask for on pages that name no icon, such as the administration's: the one mark of the site."""
    return redirect(static("core/mark.svg"))


@require_safe
@login_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component with real text, for those who build pages: staff, or anyone signed in to a demo."""
    if settings.IN_PRODUCTION and not getattr(request.user, "is_staff", False):
        raise Http404
    return render(request, "core/styleguide.html", samples(request.GET))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """With a sentence of its own where a part of the platform is turned off; programs are not sent a page."""
    reason = str(exception) if isinstance(exception, SwitchedOff) else ""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": reason or _("没有这个地址。")}, status=404)
    return render(request, "404.html", {"reason": reason}, status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _bare_page(400, _("请求有误"), _("浏览器发来的内容无法识别。请返回上一页重新操作。"))


def server_error(request: HttpRequest) -> HttpResponse:
    """500; and 503 when it was the database that did not answer."""
    if isinstance(sys.exception(), OperationalError):
        response = _bare_page(503, _("服务暂时不可用"), _("系统正在维护或恢复中，请几分钟后再试。"))
        response["Retry-After"] = "30"
        return response
    return _bare_page(500, _("系统出了点问题"), _("我们已记录这次错误。请稍后再试；如仍不行，请把下面的编号告诉我们。"))


def _bare_page(status: int, heading: str, sentence: str) -> HttpResponse:
    """Without context processors: they ask the database, which may be what is broken."""
    origin = current_origin.get()
    context = {
        "status": status,
        "heading": heading,
        "sentence": sentence,
        "request_id": origin.request_id if origin else "",
    }
    return HttpResponse(loader.render_to_string("core/bare_error.html", context), status=status)
