"""For each endpoint a scene in which somebody at least is allowed: the rows that are there, and a body that is right.

The pair is a need of the cast's enterprise (the SME owner and her colleague) and a capability of the professor's
university; the broker, the reviewer and the administrator work for the platform, the stranger for another enterprise.
"""

from tests.api.scenes import accounts, cases, contracts, desk, followups, imports, needs, notices, office, review, stats
from tests.api.scenes.playing import Named, Scene, Scenes
from tests.api.scenes.world import World

__all__ = ("SCENES", "Named", "Scene", "World")

SCENES: Scenes = {}
for noun in (accounts, cases, contracts, desk, followups, imports, needs, notices, office, review, stats):
    SCENES |= noun.SCENES
