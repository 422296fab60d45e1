"""Vocabularies, sign-in, organisations, centres and those who ask to join."""

from tests.api.scenes.playing import Scene, Scenes
from tests.api.scenes.world import CENTRE, chain

REGISTRATION = {"kind": "enterprise", "name": "胶州湾轴承有限公司", "credit_code": "91370200MA3C1XXW0E"}

SCENES: Scenes = {
    ("term-list", "GET"): lambda world: Scene(),
    ("token", "POST"): lambda world: Scene(body={"email": world.sme_owner.email, "password": "correct-horse-2026"}),
    ("token", "DELETE"): lambda world: Scene(),
    ("organisation-list", "GET"): lambda world: Scene(),
    ("organisation-list", "POST"): lambda world: Scene(body=REGISTRATION),
    ("organisation-detail", "GET"): lambda world: Scene(world.enterprise),
    ("organisation-own", "GET"): lambda world: Scene(),
    ("organisation-own", "PATCH"): lambda world: Scene(body={"description": "精密加工。", "revision": 1}),
    ("centre-list", "GET"): lambda world: Scene(world.centre() and None),
    ("centre-own", "GET"): lambda world: Scene(world.centre() and None),
    ("centre-own", "POST"): lambda world: Scene(body=CENTRE | {"industry_chain": chain().code}),
    ("centre-own", "PATCH"): lambda world: Scene(world.centre() and None, {"products": "磁力泵", "revision": 1}),
    ("join-request-list", "GET"): lambda world: Scene(world.asked() and None),
    ("join-request-list", "POST"): lambda world: Scene(body={"organisation": world.enterprise.name}),
    ("join-request-approve", "POST"): lambda world: Scene(world.asked()),
    ("join-request-refuse", "POST"): lambda world: Scene(world.asked()),
    ("join-request-withdraw", "POST"): lambda world: Scene(world.asked(person=world.sme_owner)),
}
