"""Administration of questionnaires and stories: looked at here, changed by their services."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.core.admin import PlatformAdmin, RowsInline, service_action_with_reason
from apps.followups.models import Answer, Questionnaire, Story
from apps.followups.services import story_return


class AnswerInline(RowsInline):
    model = Answer
    fields = ("usage", "fit", "further_work", "partner_rating", "platform_rating", "answered_at")
    readonly_fields = fields


@admin.register(Questionnaire)
class QuestionnaireAdmin(PlatformAdmin):
    list_display = ("engagement", "side", "months", "opened_at", "closes_at", "reminded_at")
    list_filter = ("side", "months")
    list_select_related = ("engagement__proposal__need", "engagement__proposal__capability")
    search_fields = ("engagement__proposal__need__title", "=public_id", "=engagement__public_id")
    date_hierarchy = "opened_at"
    readonly_fields = ("public_id", "created_at", "updated_at")
    inlines = (AnswerInline,)


@admin.register(Story)
class StoryAdmin(PlatformAdmin):
    """A text is published from its own page, where it is read; here it can be taken down."""

    list_display = ("title", "state", "version", "names_need", "names_capability", "published_at")
    list_filter = ("state",)
    search_fields = ("title", "summary", "=public_id")
    exclude = ("picture",)  # seen on the story's page, where access is checked
    readonly_fields = ("public_id", "created_at", "updated_at")
    actions = (
        service_action_with_reason(story_return, name="return", row="story", description=_("退回或下线（填写原因）")),
    )
