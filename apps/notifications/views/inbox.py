"""The inbox and the bell."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.selectors import acts_for
from apps.accounts.views.signed_in import signed_in
from apps.core.validators import clean_text
from apps.notifications.forms import InboxFilter
from apps.notifications.models import Notification
from apps.notifications.selectors import inbox_of, narrowed, unread_count
from apps.notifications.services import notification_mark_read, notifications_mark_all_read

PAGE_SIZE = 20
STOP_POLLING = 286  # htmx: the answer is used, and the question not asked again
READ = "notificationsRead"


@login_required
@require_safe
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = InboxFilter(request.GET)
    form.is_valid()  # a value that is not on offer narrows nothing
    chosen = form.cleaned_data
    topic = chosen.get("topic", "")
    rows = narrowed(inbox_of(user), unread=bool(chosen.get("state")), topic=topic)
    unread, newest = unread_count(user), inbox_of(user).first()
    context = {
        "form": form,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "is_narrowed": any(chosen.values()),
        "topic": topic,
        "unread_count": unread,
        "may_mark_all": unread and (not topic or narrowed(inbox_of(user), unread=True, topic=topic).exists()),
        "newest": newest,
        "has_any": newest is not None,
    }
    return render(request, "notifications/inbox.html", context)


@login_required
@require_safe
@never_cache
def open_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """On to the page of the event. Its recipient has read it by that; a colleague may follow a forwarded link."""
    user = signed_in(request)
    row = get_object_or_404(Notification, public_id=public_id)
    is_mine = Notification.objects.visible_to(user).filter(pk=row.pk).exists()
    if not is_mine and (row.organisation_id is None or not acts_for(user, row.organisation_id)):
        raise Http404
    if is_mine:
        notification_mark_read(notification=row, by=user)
    try:
        return redirect(row.target)
    except NoReverseMatch:  # told by an earlier version, whose page is gone
        messages.info(request, _("这条通知所指的页面已经不在了。"))
        return redirect("notifications:inbox")


@login_required
@require_POST
def mark_read(request: HttpRequest, public_id: str) -> HttpResponse:
    user = signed_in(request)
    row = get_object_or_404(inbox_of(user), public_id=public_id)
    notification_mark_read(notification=row, by=user)
    if not getattr(request, "htmx", False):
        return redirect("notifications:inbox")
    row.refresh_from_db()
    response = render(request, "notifications/_row.html", {"row": row})
    response["HX-Trigger"] = READ
    return response


@login_required
@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """Up to the newest that the page knew of; from a page that did not say, all."""
    form, user, until = InboxFilter(request.POST), signed_in(request), None
    form.is_valid()
    if named := request.POST.get("until"):
        until = get_object_or_404(inbox_of(user), public_id=clean_text(named))
    count = notifications_mark_all_read(user=user, topic=form.cleaned_data.get("topic", ""), until=until)
    said = ngettext("已将 %(count)d 条通知标为已读。", "已将 %(count)d 条通知标为已读。", count)
    messages.success(request, said % {"count": count})
    return redirect("notifications:inbox")


@require_safe
@never_cache
def bell(request: HttpRequest) -> HttpResponse:
    """The bell with its count. Whose sign-in has ended gets one without, and is asked no more."""
    count = unread_count(request.user)
    status = 200 if request.user.is_authenticated else STOP_POLLING
    return render(request, "notifications/_bell.html", {"count": count, "is_counted": True}, status=status)
