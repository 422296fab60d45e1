"""Contracts with their instalments and milestones."""

from apps.core import clock
from tests.api.scenes.playing import Scene, Scenes
from tests.api.scenes.world import CONTRACT

SCENES: Scenes = {
    ("engagement-contract", "GET"): lambda world: Scene(world.contract().engagement),
    ("engagement-contract", "POST"): lambda world: Scene(
        world.engagement(), {name: str(value) for name, value in CONTRACT.items()}
    ),
    ("engagement-contract", "PATCH"): lambda world: Scene(world.contract().engagement, {"title": "新名称"}),
    ("engagement-contract-amend", "POST"): lambda world: Scene(world.contract().engagement, {"reason": "增加试验"}),
    ("engagement-instalments", "POST"): lambda world: Scene(
        world.contract().engagement, {"planned_on": clock.today().isoformat(), "planned_yuan": "1000.00"}
    ),
    ("engagement-milestones", "POST"): lambda world: Scene(
        world.contract().engagement, {"title": "首批试样", "due_on": clock.today().isoformat()}
    ),
    ("instalment-detail", "DELETE"): lambda world: Scene(world.instalment()),
    ("instalment-receive", "POST"): lambda world: Scene(
        world.instalment(), {"received_on": clock.today().isoformat(), "received_yuan": "1000.00"}
    ),
    ("instalment-take-back", "POST"): lambda world: Scene(world.received()),
    ("milestone-detail", "DELETE"): lambda world: Scene(world.milestone()),
    ("milestone-accept", "POST"): lambda world: Scene(world.milestone()),
    ("milestone-withdraw", "POST"): lambda world: Scene(world.milestone(accepted=True)),
}
