"""我的订阅: one's saved searches, and how often one hears of them."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.views.signed_in import signed_in
from apps.notifications.selectors import choices_of
from apps.notifications.services import preferences_save
from apps.notifications.services.settings import Choice
from apps.searches import services
from apps.searches.forms import FrequencyForm, NameForm
from apps.searches.lists import list_of, searchable_lists
from apps.searches.models import SavedSearch
from apps.searches.selectors import address_of, searches_of
from apps.searches.services.keeping import MOST_SEARCHES

TOPIC = "searches"


@login_required
@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, renamed: tuple[SavedSearch, NameForm] | None = None) -> HttpResponse:
    user = signed_in(request)
    wrong_pk, wrong_form = (renamed[0].pk, renamed[1]) if renamed else (None, None)
    rows = [
        {
            "search": search,
            "source": list_of(search.list_key),
            "url": address_of(search),
            "form": wrong_form if search.pk == wrong_pk else NameForm({"name": search.name}),
            "is_open": search.pk == wrong_pk,
        }
        for search in searches_of(user)
    ]
    context = {
        "rows": rows,
        "most": MOST_SEARCHES,
        "lists": searchable_lists(),
        "frequency_form": FrequencyForm(now=choices_of(user)[TOPIC].email),
    }
    return render(request, "searches/mine.html", context)


@login_required
@require_POST
def frequency(request: HttpRequest) -> HttpResponse:
    form = FrequencyForm(request.POST)
    if form.is_valid():
        choice = Choice(is_in_inbox=True, email=form.cleaned_data["frequency"])
        preferences_save(user=signed_in(request), choices={TOPIC: choice})
        messages.success(request, _("通知频率已保存。"))
    return redirect("searches:mine")


def _my(request: HttpRequest, public_id: str) -> SavedSearch:
    return get_object_or_404(searches_of(signed_in(request)), public_id=public_id)


@login_required
@require_safe
def open_list(request: HttpRequest, public_id: str) -> HttpResponse:
    """On to the list with the filter."""
    url = address_of(_my(request, public_id))
    if url is None:
        messages.info(request, _("这个订阅所在的列表已经不在了，可以删除它。"))
    return redirect(url or "searches:mine")


@login_required
@require_POST
def rename(request: HttpRequest, public_id: str) -> HttpResponse:
    search, form = _my(request, public_id), NameForm(request.POST)
    if not form.is_valid():
        return _page(request, renamed=(search, form))
    services.search_rename(search=search, by=signed_in(request), name=form.cleaned_data["name"])
    return _done(request, _("名称已修改。"))


@login_required
@require_POST
def pause(request: HttpRequest, public_id: str) -> HttpResponse:
    return _moved(request, public_id, services.search_pause, _("已暂停，不再通知。"))


@login_required
@require_POST
def resume(request: HttpRequest, public_id: str) -> HttpResponse:
    return _moved(request, public_id, services.search_resume, _("已恢复，从现在起有新内容会通知您。"))


@login_required
@require_POST
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    return _moved(request, public_id, services.search_delete, _("订阅已删除。"))


def _moved(request: HttpRequest, public_id: str, service: Callable[..., object], said: str) -> HttpResponse:
    service(search=_my(request, public_id), by=signed_in(request))
    return _done(request, said)


def _done(request: HttpRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("searches:mine")
