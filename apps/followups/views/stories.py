"""Stories for everybody: the list, the page of one, and its picture."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from apps.followups.forms import StoryFilters
from apps.followups.models import Story
from apps.followups.picture import CONTENT_TYPE
from apps.followups.presentation import StoryView
from apps.followups.selectors import require_story_shown, stories_for_page

PAGE_SIZE = 12


@require_safe
def story_list(request: HttpRequest) -> HttpResponse:
    filters = StoryFilters(request.GET)
    page = Paginator(filters.narrowed(), PAGE_SIZE).get_page(request.GET.get("page"))
    views = [StoryView(story, request.user) for story in page]
    context = {"filters": filters, "page": page, "views": views, "is_narrowed": bool(filters.chosen)}
    return render(request, "stories/list.html", context)


@require_safe
@cache_control(private=True, no_cache=True)
def story_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Published for all; before that for both sides, the case's broker and reviewers, just as it would be."""
    story = _shown(request, public_id)
    return render(request, "stories/detail.html", {"view": StoryView(story, request.user), "story": story})


@require_safe
@cache_control(private=True, no_cache=True)
def picture(request: HttpRequest, public_id: str) -> FileResponse:
    """Drawn by ourselves (`picture.redrawn`), so it may be shown in place. Asked for anew each time: it may end."""
    story = _shown(request, public_id)
    if not story.picture:
        raise Http404
    try:
        content = story.picture.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, content_type=CONTENT_TYPE)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _shown(request: HttpRequest, public_id: str) -> Story:
    story: Story = get_object_or_404(stories_for_page(request.user), public_id=public_id)
    require_story_shown(request.user, story)
    return story
