"""The office of the administrators."""

from datetime import timedelta
from typing import Any

from apps.accounts.models import User
from apps.administration.models import Announcement, ErasureRequest
from apps.administration.services.erasure import erasure_ask
from apps.administration.services.people import state_of
from apps.core import clock
from apps.core.models import new_public_id
from apps.taxonomy.models import Alias, Term
from tests.api.scenes.playing import Named, Scene, Scenes


def a_tag() -> Term:
    """Another one each time: a scene may be played again."""
    code = f"x_{new_public_id()}"
    return Term.objects.create(vocabulary="tag", code=code, name=f"词{code}", edited_at=clock.now())


def somebody(*, closed: bool = False) -> User:
    """Of no organisation; another one each time."""
    return User.objects.create_user(f"{new_public_id()}@city.example", name="赵芸", is_active=not closed)


def announcement() -> Announcement:
    return Announcement.objects.create(text="今晚维护", ends_at=clock.now() + timedelta(days=1), written_by=somebody())


def erasure() -> ErasureRequest:
    """Asked for a month ago."""
    request = erasure_ask(person=somebody())
    ErasureRequest.objects.filter(pk=request.pk).update(due_at=clock.now())
    return request


def invited() -> dict[str, Any]:
    return {"email": f"{new_public_id()}@city.example", "role": "broker", "covers_city": True}


def duty(person: User) -> Scene:
    return Named({"role": "broker", "covers_city": True, "seen": state_of(person)}, pk=person.pk)


def named_alias() -> Scene:
    alias = Alias.objects.create(term=a_tag(), text=f"名{new_public_id()}")
    return Named(pk=alias.term_id, alias=alias.pk)


def merge() -> Scene:
    old, new = a_tag(), a_tag()
    return Named({"into": new.code, "typed": old.name}, pk=old.pk)


def changed_announcement() -> Scene:
    row = announcement()
    return Scene(row, {"text": "明晚维护", "seen": row.revision})


def changed_term() -> Scene:
    tag = a_tag()
    return Named({"description": "改过", "is_active": False, "seen": tag.revision}, pk=tag.pk)


def carried_out() -> Scene:
    request = erasure()
    return Scene(request, {"typed": request.person.email})


SCENES: Scenes = {
    ("office-person-list", "GET"): lambda world: Scene(),
    ("office-person-list", "POST"): lambda world: Scene(body=invited()),
    ("office-person-detail", "GET"): lambda world: Named(pk=world.sme_owner.pk),
    ("office-person-detail", "PATCH"): lambda world: duty(somebody()),
    ("office-person-close", "POST"): lambda world: Named({"reason": "离职"}, pk=somebody().pk),
    ("office-person-reopen", "POST"): lambda world: Named(pk=somebody(closed=True).pk),
    ("office-setting-list", "GET"): lambda world: Scene(),
    ("office-setting-detail", "GET"): lambda world: Named(key="retention.drafts"),
    ("office-setting-detail", "PATCH"): lambda world: Named({"value": 200, "reason": "试行"}, key="retention.drafts"),
    ("office-switch-list", "GET"): lambda world: Scene(),
    ("office-switch-turn", "POST"): lambda world: Named({"is_on": True}, name="demo_notice"),
    ("office-announcement-list", "GET"): lambda world: Scene(announcement() and None),
    ("office-announcement-list", "POST"): lambda world: Scene(
        body={"text": "今晚维护", "ends_at": (clock.now() + timedelta(days=1)).isoformat()}
    ),
    ("office-announcement-detail", "PATCH"): lambda world: changed_announcement(),
    ("office-announcement-end", "POST"): lambda world: Scene(announcement()),
    ("office-term-list", "GET"): lambda world: Scene(),
    ("office-term-list", "POST"): lambda world: Scene(
        body={"vocabulary": "tag", "code": f"x_{new_public_id()}", "name": f"词{new_public_id()}"}
    ),
    ("office-term-detail", "GET"): lambda world: Named(pk=a_tag().pk),
    ("office-term-detail", "PATCH"): lambda world: changed_term(),
    ("office-term-aliases", "POST"): lambda world: Named({"text": f"名{new_public_id()}"}, pk=a_tag().pk),
    ("office-term-alias", "DELETE"): lambda world: named_alias(),
    ("office-term-merge", "POST"): lambda world: merge(),
    ("office-trail-list", "GET"): lambda world: Scene(),
    ("office-retention-list", "GET"): lambda world: Scene(),
    ("office-erasure-list", "GET"): lambda world: Scene(erasure() and None),
    ("office-erasure-detail", "GET"): lambda world: Scene(erasure()),
    ("office-erasure-carry-out", "POST"): lambda world: carried_out(),
    ("office-erasure-cancel", "POST"): lambda world: Scene(erasure()),
}
