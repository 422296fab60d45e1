"""What follows a delivery, as a chapter of the case's history: that something was asked, answered, agreed or shown.

No answer and no word of a story is quoted: the other side learns only that there is one.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.engagements.chapters import Chapter, register_chapter
from apps.engagements.models import Engagement
from apps.followups.models import Questionnaire, Story

SENTENCES: Mapping[str, Any] = {
    "questionnaire.sent": _("向%(side)s发出了验收后 %(months)s 个月的回访问卷"),
    "questionnaire.answered": _("%(side)s提交了验收后 %(months)s 个月的回访问卷"),
    "questionnaire.corrected": _("%(side)s修改了验收后 %(months)s 个月的回访问卷"),
    "story.drafted": _("%(who)s起草了案例"),
    "story.edited": _("%(who)s修改了案例文字，需双方重新同意"),
    "story.agreed": _("%(who)s同意了案例文字"),
    "story.submitted": _("双方都已同意案例文字，案例送平台审核"),
    "story.withdrawn": _("%(who)s撤回了对案例的同意"),
    "story.published": _("%(who)s发布了案例"),
    "story.returned": _("%(who)s把案例退回修改"),
}


def entries_about(engagement: Engagement) -> Q:
    asked = Questionnaire.objects.filter(engagement=engagement).values("pk")
    told = Story.objects.filter(outcome__engagement=engagement).values("pk")
    return Q(object_type="followups.questionnaire", object_id__in=asked) | Q(
        object_type="followups.story", object_id__in=told
    )


register_chapter(Chapter(SENTENCES, entries_about))
