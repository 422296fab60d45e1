"""The first page of the office: what waits, and where everything is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.selectors import is_administrator
from apps.administration.models import Announcement, RetentionRun
from apps.administration.selectors import erasures_due, erasures_waiting, people_at_work
from apps.administration.views.guards import for_staff
from apps.core import clock
from apps.taxonomy.models import Term


@for_staff
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    context: dict[str, Any] = {
        "announcements": Announcement.objects.filter(starts_at__lte=clock.now(), ends_at__gt=clock.now()).count(),
        "terms": Term.objects.filter(is_active=True).count(),
    }
    if is_administrator(request.user):
        context |= {
            "people": people_at_work().count(),
            "erasures": erasures_waiting().count(),
            "due": erasures_due(),
            "last_run": RetentionRun.objects.order_by("-ran_at").first(),
        }
    return render(request, "office/overview.html", context)
