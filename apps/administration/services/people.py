"""Roles of the platform's people, their accounts, and inviting them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.administrators import can_spare, hold_administrators
from apps.accounts.links import LIFETIME, LinkExpired
from apps.accounts.models import PlatformRole, User
from apps.accounts.services import user_deactivate, user_reactivate
from apps.accounts.services.limits import require_below
from apps.administration import mail
from apps.administration.permissions import can_administer
from apps.core import audit, clock
from apps.core.errors import DomainError, StateConflict
from apps.taxonomy.models import Term, Vocabulary

SALT = "administration.invitation"
INVITED, JOINED = "person.invited", "person.joined"


class Duty(NamedTuple):
    """What a person does for the platform, and where: the whole city, or some districts."""

    role: str
    covers_city: bool = False
    districts: tuple[Term, ...] = ()

    @classmethod
    def of(cls, role: str, covers_city: bool, districts: Iterable[Term]) -> "Duty":  # noqa: FBT001  (as the columns)
        """ValidationError where somebody with a role would work nowhere."""
        if not role:
            return cls("")
        chosen = () if covers_city else tuple(districts)
        if not covers_city and not chosen:
            raise ValidationError({"districts": _("请勾选“负责全市”，或选择负责的区市。")})
        return cls(role, covers_city, chosen)


class Invitation(NamedTuple):
    email: str
    duty: Duty
    inviter: User


def state_of(person: User) -> str:
    """What a form about the person was opened with."""
    districts = ",".join(map(str, sorted(term.pk for term in person.districts.all())))  # a list has read them before
    return f"{person.platform_role}|{person.covers_city:d}|{districts}|{person.is_active:d}"


@transaction.atomic
def person_set_duty(*, person: User, by: User, duty: Duty, reason: str, seen: str) -> None:
    """Give or take a role and a region; the platform keeps an administrator.

    StateConflict where somebody else changed the person after the form (`seen`) was opened.
    """
    can_administer(by).require()
    hold_administrators()
    row = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if seen != state_of(row):
        raise StateConflict
    if not row.is_active:
        raise DomainError(_("账号已停用，请先重新启用。"))
    if duty.role != PlatformRole.ADMINISTRATOR:
        can_spare(row).require()
    before = _told(row)
    _write_duty(row, duty)
    after = _told(row)
    if before != after:
        changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
        audit.record(row, "user.role_changed", by=by, changes={**changes, "reason": reason.strip()})


def _write_duty(person: User, duty: Duty) -> None:
    """Who administers may also look at the raw data. Of the others only reviewers of the whole city keep that.

    It is the data of the whole city.
    """
    person.platform_role, person.covers_city = duty.role, duty.covers_city
    is_administrator = duty.role == PlatformRole.ADMINISTRATOR
    keeps_it = person.is_staff and duty.role == PlatformRole.REVIEWER and duty.covers_city
    person.is_staff = is_administrator or keeps_it
    person.is_superuser = person.is_superuser and is_administrator
    person.save(update_fields=["platform_role", "covers_city", "is_staff", "is_superuser"])
    person.districts.set(duty.districts)


def _told(person: User) -> dict[str, object]:
    names = sorted(person.districts.values_list("name", flat=True))
    return {"role": person.platform_role, "covers_city": person.covers_city, "districts": names}


@transaction.atomic
def person_close(*, person: User, by: User, reason: str) -> None:
    """An administrator closes somebody's account; it can be opened again."""
    can_administer(by).require()
    if person.pk == by.pk:
        raise DomainError(_("请在“个人资料”中停用自己的账号。"))
    hold_administrators()
    can_spare(person).require()
    row = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not row.is_active:
        raise StateConflict(_("该账号已经停用。"))
    audit.record(row, "user.closed", by=by, changes={"reason": reason.strip()})
    user_deactivate(user=row, by=by)


@transaction.atomic
def person_reopen(*, person: User, by: User) -> None:
    can_administer(by).require()
    user_reactivate(user=person, by=by)


@transaction.atomic
def person_invite(*, email: str, by: User, duty: Duty) -> None:
    """Send somebody without an account a link that works once, for seven days. ValidationError for who has one."""
    can_administer(by).require()
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise ValidationError({"email": _("该邮箱已有账号，请在人员列表中找到他，直接设置角色。")})
    require_below(50, action=INVITED, by=by, within=timedelta(days=1))
    content = {
        "email": email,
        "role": duty.role,
        "covers_city": duty.covers_city,
        "districts": [term.code for term in duty.districts],
        "by": by.pk,
    }
    audit.record(by, INVITED, by=by, changes={"email": email, "role": duty.role})
    mail.send_invitation(email=email, inviter=by, role=PlatformRole(duty.role), token=signing.dumps(content, salt=SALT))


def read_invitation(token: str) -> Invitation:
    """LinkExpired unless nobody has the address yet (using it makes an account) and the sender is an administrator."""
    try:
        content = signing.loads(token, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        raise LinkExpired from None
    inviter = User.objects.filter(pk=content["by"]).first()
    if inviter is None or not inviter.is_administrator or User.objects.filter(email=content["email"]).exists():
        raise LinkExpired
    districts = tuple(Term.objects.filter(vocabulary=Vocabulary.DISTRICT, code__in=content["districts"]))
    duty = Duty(content["role"], content["covers_city"], districts)
    return Invitation(content["email"], duty, inviter)


@transaction.atomic
def person_join(*, token: str, name: str, phone: str, password: str) -> User:
    """The invited person signs up: the link came by e-mail, so the address is confirmed."""
    invitation = read_invitation(token)
    try:
        with transaction.atomic():
            person = User.objects.create_user(
                invitation.email, password, name=name, phone=phone, email_confirmed_at=clock.now()
            )
    except IntegrityError:
        raise LinkExpired from None
    _write_duty(person, invitation.duty)
    audit.record(person, JOINED, by=person, changes={"inviter": invitation.inviter.pk, **_told(person)})
    return person
