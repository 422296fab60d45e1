"""Cases with their messages, meetings and outcomes."""

from apps.core import clock
from tests.api.scenes.playing import Scene, Scenes
from tests.api.scenes.world import MEETING

OUTCOME = {"outcome_type": "process_change", "description": "轧辊寿命提高一倍。"}

SCENES: Scenes = {
    ("engagement-message-settle", "POST"): lambda world: Scene(world.engagement()),
    ("engagement-list", "GET"): lambda world: Scene(world.engagement() and None),
    ("engagement-detail", "GET"): lambda world: Scene(world.engagement()),
    ("engagement-report", "POST"): lambda world: Scene(
        world.engagement(), {**OUTCOME, "occurred_on": clock.today().isoformat()}
    ),
    ("engagement-advance", "POST"): lambda world: Scene(world.engagement(), {"next_action": "寄样"}),
    ("engagement-step-back", "POST"): lambda world: Scene(world.engagement(state="negotiating")),
    ("engagement-plan", "POST"): lambda world: Scene(world.engagement(), {"next_action": "寄样"}),
    ("engagement-end", "POST"): lambda world: Scene(world.engagement(), {"reason": "cost"}),
    ("engagement-agreement-confirm", "POST"): lambda world: Scene(world.closed_case()),
    ("engagement-messages", "GET"): lambda world: Scene(world.engagement()),
    ("engagement-messages", "POST"): lambda world: Scene(world.engagement(), {"text": "下周寄样。"}),
    ("engagement-meetings", "GET"): lambda world: Scene(world.engagement()),
    ("engagement-meetings", "POST"): lambda world: Scene(
        world.engagement(),
        {name: value if isinstance(value, str) else value.isoformat() for name, value in MEETING.items()},
    ),
    ("meeting-detail", "PATCH"): lambda world: Scene(world.meeting(), {"place": "青岛高新区创新大厦 302"}),
    ("meeting-cancel", "POST"): lambda world: Scene(world.meeting()),
    ("outcome-list", "GET"): lambda world: Scene(world.outcome() and None),
    ("outcome-detail", "GET"): lambda world: Scene(world.outcome()),
    ("outcome-detail", "PATCH"): lambda world: Scene(world.outcome(), {"description": "寿命提高两倍。"}),
    ("outcome-confirm", "POST"): lambda world: Scene(world.outcome(), {}),
    ("outcome-reject", "POST"): lambda world: Scene(world.outcome(), {"reason": "数据不实。"}),
}
