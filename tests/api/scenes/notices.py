"""Notifications, and searches that are kept."""

from tests.api.scenes.playing import Scene, Scenes

SCENES: Scenes = {
    ("search-list", "GET"): lambda world: Scene(world.search() and None),
    ("search-list", "POST"): lambda world: Scene(body={"list": "needs.board", "params": {"q": "轧辊"}}),
    ("search-detail", "PATCH"): lambda world: Scene(world.search(), {"is_paused": True}),
    ("search-detail", "DELETE"): lambda world: Scene(world.search()),
    ("notification-list", "GET"): lambda world: Scene(world.notification() and None),
    ("notification-read", "POST"): lambda world: Scene(world.notification()),
    ("notification-read-all", "POST"): lambda world: Scene(world.notification() and None, {}),
    ("notification-preferences", "GET"): lambda world: Scene(),
    ("notification-preferences", "PATCH"): lambda world: Scene(
        body={"topics": [{"topic": "proposals", "email": "weekly"}], "quiet_from": "21:30"}
    ),
}
