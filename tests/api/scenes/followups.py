"""Questionnaires and stories."""

from apps.followups.models import Story
from tests.api.scenes.playing import Scene, Scenes
from tests.api.scenes.world import STORY

ANSWER = {"usage": "in_use", "fit": "better", "further_work": "none", "partner_rating": 5, "platform_rating": 4}


def sent_back(story: Story) -> Scene:
    return Scene(story, {"reason": "请写明测试条件。", "seen": story.revision})


SCENES: Scenes = {
    ("questionnaire-list", "GET"): lambda world: Scene(world.questionnaire() and None),
    ("questionnaire-detail", "GET"): lambda world: Scene(world.questionnaire()),
    ("questionnaire-answer", "POST"): lambda world: Scene(world.questionnaire(), ANSWER),
    ("story-list", "GET"): lambda world: Scene(world.story() and None),
    ("story-list", "POST"): lambda world: Scene(body=STORY | {"outcome": world.confirmed_outcome().public_id}),
    ("story-own", "GET"): lambda world: Scene(world.story() and None),
    ("story-detail", "GET"): lambda world: Scene(world.story()),
    ("story-detail", "PATCH"): lambda world: Scene(world.story(), {"version": 1, "title": "轧辊寿命提高"}),
    ("story-agree", "POST"): lambda world: Scene(world.story(), {"version": 1}),
    ("story-withdraw", "POST"): lambda world: Scene(world.story("need")),
    ("story-publish", "POST"): lambda world: Scene(world.story("need", "capability"), {"version": 1}),
    ("story-return", "POST"): lambda world: sent_back(world.story("need", "capability")),
}
