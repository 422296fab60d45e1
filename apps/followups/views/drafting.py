"""Writing a story, agreeing to it, and taking that back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import User
from apps.accounts.views.signed_in import signed_in
from apps.core.errors import NotAllowed, StateConflict
from apps.core.forms import renew
from apps.core.overtaken import Overtaken
from apps.engagements.models import Outcome
from apps.engagements.permissions import engagement_side, is_party
from apps.engagements.selectors import outcomes_for_action
from apps.followups import services
from apps.followups.forms import StoryForm
from apps.followups.models import Story, StoryState
from apps.followups.overtaken import story_overtaken
from apps.followups.permissions import can_draft, can_edit
from apps.followups.selectors import stories_for_page
from apps.followups.services.stories import NAMED_COLUMN, PREFILLED


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who was slower to draft has an edit before them, of the story that there is, with all that was typed."""
    user = signed_in(request)
    outcome = get_object_or_404(outcomes_for_action(user), public_id=public_id)
    if (story := getattr(outcome, "story", None)) is not None:
        if request.method == "POST":
            return edit(request, story.public_id)
        return redirect("stories:detail", story.public_id)
    can_draft(user, outcome).require()
    begun = Story(outcome=outcome, result=outcome.description, **{name: getattr(outcome, name) for name in PREFILLED})
    form = _form(request, user, begun)
    if request.method == "POST" and form.is_valid():
        try:
            story = services.story_draft(outcome=outcome, by=user, **form.columns())
        except ValidationError as error:
            form.add_error(None, error)
        except NotAllowed:
            story = Story.objects.filter(outcome=outcome).first()
            if story is None:
                raise
            return edit(request, story.public_id)
        else:
            messages.success(request, _("案例已保存。请核对下面的样子，双方都同意后送平台审核。"))
            return redirect("stories:detail", story.public_id)
    return _form_page(request, form, outcome)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    user, story = signed_in(request), _story(request, public_id)
    if request.method != "POST" or not is_party(user, story.outcome.engagement):
        can_edit(user, story).require()
    form = _form(request, user, story)
    overtaken: Overtaken | None = None
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or 0
        try:
            saved = services.story_edit(story=story, by=user, seen=seen, **form.columns())
        except ValidationError as error:
            form.add_error(None, error)
        except StateConflict:
            overtaken = _overtaken(request, form, public_id)
        except NotAllowed as error:  # published while they were typing
            form.add_error(None, str(error.message))
        else:
            _tell_saved(request, is_changed=saved.version != seen)
            return redirect("stories:detail", public_id)
    return _form_page(request, form, story.outcome, story, overtaken)


def _overtaken(request: HttpRequest, form: StoryForm, public_id: str) -> Overtaken:
    """The form then stands on top of what is stored, with all that was typed."""
    stored = _story(request, public_id)
    renew(form, "seen", stored.version)
    return story_overtaken(stored, form.cleaned_data)


def _tell_saved(request: HttpRequest, *, is_changed: bool) -> None:
    if is_changed:
        messages.success(request, _("修改已保存。双方需要重新同意这版文字。"))
    else:
        messages.info(request, _("文字没有变化，已有的同意仍然有效。"))


@login_required
@require_POST
def agree(request: HttpRequest, public_id: str) -> HttpResponse:
    seen = request.GET.get("version", "")
    number = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else 0
    story = services.story_agree(story=_story(request, public_id), by=signed_in(request), seen=number)
    if story.state == StoryState.SUBMITTED:
        messages.success(request, _("双方都已同意，案例已送平台审核。"))
    else:
        messages.success(request, _("已同意这版文字，等对方同意后送审。"))
    return redirect("stories:detail", public_id)


@login_required
@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    story = _story(request, public_id)
    services.story_withdraw(story=story, by=signed_in(request))
    if story.state == StoryState.PUBLISHED:
        messages.success(request, _("已撤回同意，案例不再公开。"))
    else:
        messages.success(request, _("已撤回同意。双方都同意同一版文字之前，案例不会送审和公开。"))
    return redirect("stories:detail", public_id)


def _story(request: HttpRequest, public_id: str) -> Story:
    return get_object_or_404(stories_for_page(request.user), public_id=public_id)


def _form(request: HttpRequest, user: User, story: Story) -> StoryForm:
    side = engagement_side(user, story.outcome.engagement)
    initial = {"shows_own_name": getattr(story, NAMED_COLUMN[side])} if side else {}
    files: Any = request.FILES or None
    return StoryForm(request.POST or None, files, instance=story, asks_name=side is not None, initial=initial)


def _form_page(
    request: HttpRequest,
    form: StoryForm,
    outcome: Outcome,
    story: Story | None = None,
    overtaken: Overtaken | None = None,
) -> HttpResponse:
    context = {"form": form, "story": story, "engagement": outcome.engagement, "overtaken": overtaken}
    return render(request, "stories/form.html", context)
