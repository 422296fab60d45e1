"""Needs, capabilities, what was found for them, bids and proposals."""

from apps.capabilities.models import CapabilityState
from apps.needs.models import NeedState
from tests.api.scenes.playing import Scene, Scenes

SCENES: Scenes = {
    ("need-list", "GET"): lambda world: Scene(world.need() and None),
    ("need-list", "POST"): lambda world: Scene(body={"title": "轧辊耐磨涂层"}),
    ("need-detail", "GET"): lambda world: Scene(world.need(state=NeedState.DRAFT)),
    ("need-detail", "PATCH"): lambda world: Scene(world.need(), {"version": 1, "title": "轧辊耐磨涂层"}),
    ("need-publish", "POST"): lambda world: Scene(world.need(state=NeedState.RETURNED, published_at=None)),
    ("need-recall", "POST"): lambda world: Scene(world.need(state=NeedState.SUBMITTED)),
    ("need-close", "POST"): lambda world: Scene(world.need()),
    ("need-reopen", "POST"): lambda world: Scene(world.need(state=NeedState.CLOSED)),
    ("need-renew", "POST"): lambda world: Scene(world.need()),
    ("bid-list", "GET"): lambda world: Scene(),
    ("need-bid-list", "POST"): lambda world: Scene(
        world.need(),
        {"capability": world.capability().public_id, "plan": "先取样三批做工艺窗口试验，再上机验证耐磨寿命。"}
        | {"months": 3},
    ),
    ("need-lookup-list", "GET"): lambda world: Scene(world.looked_up()[0]),
    ("need-lookup-list", "POST"): lambda world: Scene(*world.looked_up()),
    ("need-solve", "POST"): lambda world: Scene(world.need(state=NeedState.ENGAGED)),
    ("capability-list", "GET"): lambda world: Scene(world.capability() and None),
    ("capability-list", "POST"): lambda world: Scene(body={"kind": "result", "title": "激光熔覆"}),
    ("capability-detail", "GET"): lambda world: Scene(world.capability(state=CapabilityState.DRAFT)),
    ("capability-detail", "PATCH"): lambda world: Scene(world.capability(), {"version": 1, "title": "激光熔覆"}),
    ("capability-publish", "POST"): lambda world: Scene(
        world.capability(state=CapabilityState.RETURNED, published_at=None)
    ),
    ("capability-recall", "POST"): lambda world: Scene(world.capability(state=CapabilityState.SUBMITTED)),
    ("capability-confirm", "POST"): lambda world: Scene(world.capability()),
    ("capability-archive", "POST"): lambda world: Scene(world.capability()),
    ("capability-reopen", "POST"): lambda world: Scene(world.capability(state=CapabilityState.ARCHIVED)),
    ("proposal-list", "GET"): lambda world: Scene(world.proposal() and None),
    ("proposal-detail", "GET"): lambda world: Scene(world.proposal()),
    ("proposal-accept", "POST"): lambda world: Scene(world.interested()),
    ("proposal-decline", "POST"): lambda world: Scene(world.interested(), {"reason": "region"}),
    ("proposal-withdraw", "POST"): lambda world: Scene(world.interested()),
}
