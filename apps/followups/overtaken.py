"""What to tell somebody who was slower: who saved meanwhile, and where what is stored differs from what they typed."""

from collections.abc import Mapping
from typing import Any

from apps.core.models import AuditEntry
from apps.core.overtaken import Overtaken
from apps.followups.models import TEXTS, Story
from apps.followups.services.stories import as_stored


def story_overtaken(story: Story, typed: Mapping[str, Any]) -> Overtaken:
    """`story` as it is now. Agreements are no part of this: who agreed has written nothing."""
    entries = AuditEntry.objects.filter(object_type=story._meta.label_lower, object_id=story.pk)
    last = entries.filter(action__in=("story.drafted", "story.edited")).select_related("actor").first()
    labels = {name: str(Story._meta.get_field(name).verbose_name) for name in TEXTS}  # type: ignore[union-attr]  # columns
    return Overtaken(
        by_name=str(last.actor) if last and last.actor else "",
        at=last.at if last else None,
        differences=[
            (labels[name], getattr(story, name)) for name in TEXTS if getattr(story, name) != as_stored(typed[name])
        ],
    )
