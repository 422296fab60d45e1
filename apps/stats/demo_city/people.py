"""The organisations of the demo city and the people who act for them. All of them are made up."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from stdnum.cn import uscc

from apps.accounts.models import (
    Membership,
    MembershipRole,
    Organisation,
    OrganisationKind,
    OrganisationState,
    PlatformRole,
    User,
)
from apps.core import audit, clock
from apps.stats.demo_city.dates import fraction_of
from apps.stats.demo_city.seed_files import SeedAccount, SeedOrganisation
from apps.taxonomy.models import Term, Vocabulary

SURNAMES = "陈林周徐孙马朱胡郭何高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁"
GIVEN_NAMES = "建国立平海涛晓东志强文彬国栋春梅丽娟秀芳玉兰明远子涵一凡佳宁思远雪莹伟民永刚学军红霞静怡少华庆云为民长青"
CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# Registering authority and category of the holder (GB 32100): 91 companies, 12 public institutions.
CODE_HEADS = {OrganisationKind.ENTERPRISE: "91", OrganisationKind.BROKER: "91", OrganisationKind.FINANCE: "91"}
CITY_CODE = "370200"


def credit_code(key: str, kind: str) -> str:
    """A 统一社会信用代码 with a right check character that no register will ever have given out ("DEM…")."""
    number = int(fraction_of(key) * len(CODE_SIGNS) ** 6)
    body = "".join(CODE_SIGNS[number // len(CODE_SIGNS) ** place % len(CODE_SIGNS)] for place in range(6))
    front = f"{CODE_HEADS.get(OrganisationKind(kind), '12')}{CITY_CODE}DEM{body}"
    return front + str(uscc.calc_check_digit(front))


def add_platform_people(accounts: list[SeedAccount]) -> None:
    """Broker, reviewer and administrator."""
    for account in accounts:
        if account.platform_role:
            _add_account(account)


def reviewer() -> User | None:
    return User.objects.filter(platform_role=PlatformRole.REVIEWER).order_by("id").first()


@transaction.atomic
def add_organisation(seed: SeedOrganisation, accounts: Mapping[str, list[SeedAccount]], phone_number: int) -> None:
    """Verified at the clock's moment, with its owner; an organisation that is there already stays as it is."""
    if Organisation.objects.filter(name=seed.name).exists():
        return
    by, now = reviewer(), clock.now()
    organisation = Organisation.objects.create(
        kind=seed.kind,
        name=seed.name,
        short_name=seed.short_name,
        credit_code=seed.uscc or credit_code(seed.key, seed.kind),
        district=Term.objects.get(vocabulary=Vocabulary.DISTRICT, code=seed.district),
        description=seed.description,
        state=OrganisationState.VERIFIED,
        verified_at=now,
        verified_by=by,
    )
    organisation.tiers.set(Term.objects.filter(vocabulary=Vocabulary.ENTERPRISE_TIER, code__in=seed.tiers))
    audit.record(organisation, "organisation.verified", by=by, changes={"credit_code": organisation.credit_code})
    people = [_add_account(account) for account in accounts.get(seed.key, [])]
    for user in people or [_owner_of(seed, phone_number)]:
        Membership.objects.create(user=user, organisation=organisation, role=MembershipRole.OWNER)
    _date_back(organisation, now)


def _add_account(account: SeedAccount) -> User:
    """With the printed password, unless somebody of that address is there already."""
    existing = User.objects.filter(email=account.email).first()
    if existing is not None:
        return existing
    is_administrator = account.platform_role == PlatformRole.ADMINISTRATOR
    return User.objects.create_user(
        account.email,
        account.password,
        name=account.name,
        phone=account.phone,
        platform_role=account.platform_role,
        covers_city=bool(account.platform_role),
        email_confirmed_at=clock.now(),
        is_superuser=is_administrator,
        is_staff=account.platform_role in (PlatformRole.ADMINISTRATOR, PlatformRole.REVIEWER),
    )


def _owner_of(seed: SeedOrganisation, phone_number: int) -> User:
    """Somebody nobody signs in as: without a password."""
    surname = SURNAMES[int(fraction_of(f"surname {seed.key}") * len(SURNAMES))]
    start = 2 * int(fraction_of(f"name {seed.key}") * (len(GIVEN_NAMES) // 2))
    given_name = GIVEN_NAMES[start : start + 2]
    return User.objects.create_user(
        f"{seed.key}@example.com",
        name=surname + given_name,
        phone=f"13000000{phone_number:03d}",
        email_confirmed_at=clock.now(),
    )


def _date_back(organisation: Organisation, moment: datetime) -> None:
    """`created_at` and its like are written by the machine's clock; here they are the city's."""
    Organisation.objects.filter(pk=organisation.pk).update(created_at=moment, updated_at=moment)
    User.objects.filter(membership__organisation=organisation).update(created_at=moment)
    Membership.objects.filter(organisation=organisation).update(joined_at=moment)
