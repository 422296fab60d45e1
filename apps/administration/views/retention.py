"""What is kept how long, and when it was last cleaned."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.administration.models import RetentionRun
from apps.administration.views.guards import for_administrators
from apps.core.retention import registered_rules


@for_administrators
@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    runs = {run.rule: run for run in RetentionRun.objects.all()}
    context = {
        "rules": [(rule, rule.days, runs.get(rule.key)) for rule in registered_rules()],
        "notification_days": settings.NOTIFICATIONS_KEPT_DAYS,
        "section": "retention",
    }
    return render(request, "office/retention.html", context)
