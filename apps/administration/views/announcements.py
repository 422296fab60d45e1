"""Announcements: written in the office, read by everyone, closed by each for themselves."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import localize
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.selectors import is_administrator
from apps.accounts.views.signed_in import signed_in
from apps.administration.forms.announcements import AnnouncementForm
from apps.administration.models import Announcement
from apps.administration.services.announcements import announcement_dismiss, announcement_end, announcement_save
from apps.administration.shown import announcements_for, dismiss_for_visitor
from apps.administration.views.guards import for_administrators, for_staff
from apps.core.errors import StateConflict
from apps.core.forms import renew

PAGE_SIZE = 20


@for_staff
@require_safe
def announcement_list(request: HttpRequest) -> HttpResponse:
    rows = Announcement.objects.select_related("district", "written_by")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "may_write": is_administrator(request.user), "section": "announcements"}
    return render(request, "office/announcements.html", context)


@for_administrators
@require_http_methods(["GET", "POST"])
def announcement_edit(request: HttpRequest, public_id: str = "") -> HttpResponse:
    row = get_object_or_404(Announcement, public_id=public_id) if public_id else None
    form = AnnouncementForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            announcement_save(by=signed_in(request), values=values, announcement=row, seen=values["seen"])
        except ValidationError as error:
            form.add_error(None, error)
        except StateConflict:
            _tell_overtaken(form, Announcement.objects.get(public_id=public_id))
        else:
            messages.success(request, _("公告已保存，几秒钟内在所有页面生效。"))
            return redirect("office:announcements")
    context = {"form": form, "announcement": row, "section": "announcements"}
    return render(request, "office/announcement.html", context)


def _tell_overtaken(form: AnnouncementForm, now: Announcement) -> None:
    """What was typed stays; sent again, it replaces what is told here."""
    told = {"text": now.text, "until": localize(timezone.localtime(now.ends_at))}
    form.add_error(
        None,
        _("这条公告刚刚被他人修改，现在的内容是“%(text)s”，到 %(until)s 结束。您填写的还在下面；再次保存，就会替换它。")
        % told,
    )
    renew(form, "seen", now.revision)


@for_administrators
@require_POST
def end(request: HttpRequest, public_id: str) -> HttpResponse:
    row = get_object_or_404(Announcement, public_id=public_id)
    announcement_end(announcement=row, by=signed_in(request), seen=request.GET.get("seen", ""))
    messages.success(request, _("公告已结束。"))
    return redirect("office:announcements")


@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """What is announced now, the closed ones too."""
    return render(request, "administration/announcements.html", {"announcements": announcements_for(request.user)})


@require_POST
def dismiss(request: HttpRequest, public_id: str) -> HttpResponse:
    row = get_object_or_404(Announcement, public_id=public_id)
    if isinstance(request.user, User):
        announcement_dismiss(announcement=row, user=request.user)
    else:
        dismiss_for_visitor(request, row.public_id)
    next_page = request.POST.get("next", "")
    return redirect(next_page if url_has_allowed_host_and_scheme(next_page, {request.get_host()}) else "home")
