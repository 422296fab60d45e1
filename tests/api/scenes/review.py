"""The desk of the reviewers, and reports."""

from apps.capabilities.models import CapabilityState
from apps.core import clock
from apps.needs.models import NeedState
from tests.api.scenes.playing import Scene, Scenes

RETURNED = {"outcome": "returned", "reason": "请补充指标。"}

SCENES: Scenes = {
    ("review-queue-list", "GET"): lambda world: Scene(world.expert() and None),
    ("review-line-list", "GET"): lambda world: Scene(world.pending_organisation() and None),
    ("review-organisation-detail", "GET"): lambda world: Scene(world.pending_organisation()),
    ("review-organisation-decide", "POST"): lambda world: Scene(
        world.pending_organisation(), {"revision": 0, "version": 1} | RETURNED
    ),
    ("review-need-detail", "GET"): lambda world: Scene(world.need(state=NeedState.SUBMITTED)),
    ("review-need-decide", "POST"): lambda world: Scene(
        world.need(state=NeedState.SUBMITTED), {"revision": 0, "version": 1} | RETURNED
    ),
    ("review-capability-detail", "GET"): lambda world: Scene(world.expert()),
    ("review-capability-decide", "POST"): lambda world: Scene(
        world.capability(state=CapabilityState.SUBMITTED), {"revision": 0, "version": 1} | RETURNED
    ),
    ("review-expert-ask", "POST"): lambda world: Scene(world.expert(), {"email": "qian@lab.example"}),
    ("review-expert-prove", "POST"): lambda world: Scene(world.expert(), {"note": "已收到本人签字的同意书"}),
    ("review-expert-prove-list", "POST"): lambda world: Scene(
        world.expert() and None,
        {
            "organisation": world.university.public_id,
            "note": "单位已出示名单",
            "shown_at": clock.now().isoformat(),
        },
    ),
    ("review-withholding-list", "GET"): lambda world: Scene(world.withheld() and None),
    ("review-withholding-lift", "POST"): lambda world: Scene(world.withheld(), {"note": "已核实身份"}),
    ("report-list", "GET"): lambda world: Scene(world.reported() and None),
    ("report-list", "POST"): lambda world: Scene(
        None, {"about": "needs", "about_id": world.need().public_id, "reason": "outdated"}
    ),
    ("report-detail", "GET"): lambda world: Scene(world.reported()),
    ("report-answer", "POST"): lambda world: Scene(
        world.reported(), {"state": "kept", "text": "仍未解决。", "seen": 1}
    ),
}
