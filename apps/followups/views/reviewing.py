"""The reviewers' queue of stories."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.selectors import is_reviewer
from apps.accounts.views.signed_in import signed_in
from apps.core.errors import NotAllowed, StateConflict
from apps.followups import services
from apps.followups.models import Story
from apps.followups.presentation import StoryView
from apps.followups.selectors import stories_for_page, stories_to_review

PAGE_SIZE = 20


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    if not is_reviewer(user):
        raise NotAllowed(_("审核页面仅供平台审核员使用。"))
    page = Paginator(stories_to_review(user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "stories/review.html", {"page": page, "views": [StoryView(row, user) for row in page]})


@login_required
@require_POST
def publish(request: HttpRequest, public_id: str) -> HttpResponse:
    seen = request.GET.get("version", "")
    number = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else 0
    services.story_publish(story=_story(request, public_id), by=signed_in(request), seen=number)
    messages.success(request, _("案例已发布。"))
    return redirect("stories:detail", public_id)


@login_required
@require_POST
def send_back(request: HttpRequest, public_id: str) -> HttpResponse:
    story = _story(request, public_id)
    reason, seen = request.POST.get("reason", ""), request.POST.get("seen", "")
    try:
        services.story_return(story=story, by=signed_in(request), reason=reason, seen=seen)
    except (ValidationError, StateConflict) as error:
        story = _story(request, public_id)  # as it is now
        errors = error.messages if isinstance(error, ValidationError) else [error.message]
        context = {"view": StoryView(story, request.user), "story": story, "reason_errors": errors, "reason": reason}
        return render(request, "stories/detail.html", context)
    messages.success(request, _("已退回，双方会看到原因。"))
    return redirect("stories:detail", public_id)


def _story(request: HttpRequest, public_id: str) -> Story:
    return get_object_or_404(stories_for_page(request.user), public_id=public_id)
