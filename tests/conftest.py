"""The cast, and what every test may need."""

from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker

from apps.accounts.models import (
    Membership,
    MembershipRole,
    Organisation,
    OrganisationKind,
    OrganisationState,
    PlatformRole,
    User,
)
from apps.core import clock
from apps.core.remembered import Remembered
from apps.taxonomy.models import Term


def pytest_addoption(parser: pytest.Parser) -> None:
    text = "only tests that ask the database or start processes: another server cannot change what the others say"
    parser.addoption("--servers-only", action="store_true", help=text)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--servers-only"):
        return
    config.hook.pytest_deselected(items=[item for item in items if not _asks_servers(item)])
    items[:] = [item for item in items if _asks_servers(item)]


def _asks_servers(item: pytest.Item) -> bool:
    if item.get_closest_marker("embedded"):
        return False
    marked = any(item.get_closest_marker(name) for name in ("django_db", "processes"))
    return marked or not {"db", "transactional_db"}.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    """SQLite in a file, as in every installation: in memory a second writer is refused at once instead of waiting."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "tests.sqlite3")
        # Nobody needs the tests' rows after a power cut.
        options = database["OPTIONS"]
        database["OPTIONS"] = {**options, "init_command": options["init_command"] + ";PRAGMA synchronous=OFF"}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database holds the taxonomy from the start, as every installation does."""
    with django_db_blocker.unblock():
        call_command("load_taxonomy", verbosity=0)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What a process keeps for some seconds outlives its rows only in tests: each begins with an empty city."""
    for kept in Remembered.every:
        kept.keep_nothing()


@pytest.fixture(scope="session", autouse=True)
def _emptied_by_deleting() -> Iterator[None]:
    """After a test with real transactions PostgreSQL deletes its few rows: a TRUNCATE makes every file anew, seconds.

    Foreign keys are checked when the transaction ends, so that the order of the tables does not matter.
    """
    quote = connection.ops.quote_name

    def deletions(style: object, tables: list[str], **_: object) -> list[str]:
        return [f"DELETE FROM {quote(table)}" for table in tables]  # noqa: S608  (Django's own names)

    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "postgresql":
            patch.setattr(connection.ops, "sql_flush", deletions)
        yield


@pytest.fixture
def taxonomy(db: None) -> None:
    """The taxonomy of a fresh installation; loaded again where a test with real transactions emptied the tables."""
    if not Term.objects.exists():
        call_command("load_taxonomy", verbosity=0)


def _person(email: str, name: str, **fields: object) -> User:
    return User.objects.create_user(
        email=email, password="correct-horse-2026", name=name, email_confirmed_at=clock.now(), **fields
    )


def _organisation(name: str, kind: OrganisationKind, short_name: str) -> Organisation:
    return Organisation.objects.create(
        name=name, short_name=short_name, kind=kind, state=OrganisationState.VERIFIED, verified_at=clock.now()
    )


@pytest.fixture
def enterprise(db: None) -> Organisation:
    return _organisation("青岛海岚精工有限公司", OrganisationKind.ENTERPRISE, "海岚精工")


@pytest.fixture
def other_enterprise(db: None) -> Organisation:
    return _organisation("青岛石岭机械有限公司", OrganisationKind.ENTERPRISE, "石岭机械")


@pytest.fixture
def university(db: None) -> Organisation:
    return _organisation("胶州湾理工大学", OrganisationKind.UNIVERSITY, "湾理工")


@pytest.fixture
def sme_owner(enterprise: Organisation) -> User:
    user = _person("owner@hailan.example", "陈立", phone="13000000001")
    Membership.objects.create(user=user, organisation=enterprise, role=MembershipRole.OWNER)
    return user


@pytest.fixture
def colleague(enterprise: Organisation) -> User:
    user = _person("colleague@hailan.example", "周敏", phone="13000000002")
    Membership.objects.create(user=user, organisation=enterprise)
    return user


@pytest.fixture
def professor(university: Organisation) -> User:
    user = _person("professor@wan.example", "林教授", phone="13000000003")
    Membership.objects.create(user=user, organisation=university, role=MembershipRole.OWNER)
    return user


@pytest.fixture
def stranger(other_enterprise: Organisation) -> User:
    user = _person("stranger@shiling.example", "石强", phone="13000000004")
    Membership.objects.create(user=user, organisation=other_enterprise, role=MembershipRole.OWNER)
    return user


@pytest.fixture
def broker(db: None) -> User:
    return _person("broker@city.example", "吴经纪", platform_role=PlatformRole.BROKER, covers_city=True)


@pytest.fixture
def reviewer(db: None) -> User:
    return _person("reviewer@city.example", "郑审核", platform_role=PlatformRole.REVIEWER, covers_city=True)


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_superuser(
        email="admin@city.example", password="correct-horse-2026", name="王管理", email_confirmed_at=clock.now()
    )


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="apps.accounts.backends.AccountBackend")
        return client

    return sign_in
