"""The brokers' desk: referrals, calls, recommendations, shares of contracts."""

from apps.core import clock
from tests.api.scenes.playing import Scene, Scenes

SCENES: Scenes = {
    ("referral-list", "GET"): lambda world: Scene(world.referral() and None),
    ("referral-detail", "GET"): lambda world: Scene(world.referral()),
    ("referral-take", "POST"): lambda world: Scene(world.referral()),
    ("referral-hand-over", "POST"): lambda world: Scene(world.referral(), {"note": "企业本周出差"}),
    ("referral-plan", "POST"): lambda world: Scene(world.referral(), {"next_action": "周五回访"}),
    ("referral-close", "POST"): lambda world: Scene(world.referral(), {"result": "no_wish"}),
    ("call-list", "GET"): lambda world: Scene(world.referral() and None),
    ("call-list", "POST"): lambda world: Scene(
        None,
        {"need": world.need().public_id, "side": "need", "called_at": clock.now().isoformat(), "result": "已约见面"},
    ),
    ("recommendation-list", "POST"): lambda world: Scene(
        None,
        {"need": world.need().public_id, "capability": world.capability().public_id, "reason": "做过同样的轧辊"},
    ),
    ("credit-list", "GET"): lambda world: Scene(world.contract() and None),
    ("engagement-credits", "POST"): lambda world: Scene(
        world.contract().engagement, {"shares": [{"broker": world.a_broker().email, "percent": "60"}]}
    ),
    ("engagement-credits-confirm", "POST"): lambda world: Scene(world.credited().engagement),
}
