"""People: who speaks for an organisation, who brokers, and the accounts that visitors sign in with."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import F, OuterRef, Subquery

from apps.accounts.models import Membership, MembershipRole, Organisation, PlatformRole, User
from apps.core import clock
from apps.stats.demo_city.people import add_platform_people
from apps.stats.demo_city.seed_files import SeedAccount
from apps.stats.seed_city.days import FOUNDED
from apps.stats.seed_city.directory import DISTRICTS
from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.names import person_name, phone
from apps.stats.seed_city.terms import Terms
from apps.stats.seed_city.writing import Writer
from apps.taxonomy.models import Vocabulary

NO_PASSWORD = "!nobody-signs-in-as-this-person"  # noqa: S105  (an unusable hash: it begins with "!")
CITY_WIDE_SHARE = 0.15


class People:
    """Adds people in bulk. `first_owner_of` names who in the seeds' accounts takes the first place of a kind."""

    def __init__(self, *, seed: int, terms: Terms, writer: Writer, accounts: Iterable[SeedAccount]) -> None:
        self.terms, self.writer = terms, writer
        self.lots = Lots.of(seed, "people")
        self.accounts = list(accounts)
        self._number = 0

    def platform(self) -> tuple[int, int]:
        """Broker, reviewer and administrator with passwords; the keys of the last two."""
        with clock.at(FOUNDED):
            add_platform_people(self.accounts)
        keys = dict(User.objects.exclude(platform_role="").values_list("platform_role", "pk"))
        return keys[PlatformRole.REVIEWER], keys[PlatformRole.ADMINISTRATOR]

    def brokers(self, number: int) -> list[int]:
        """Most of them for one to three districts."""
        rows = [self._person(f"broker{place}", platform_role=PlatformRole.BROKER) for place in range(1, number + 1)]
        for row in rows:
            row.covers_city = self.lots.chance(CITY_WIDE_SHARE)
        written = list(self.writer.add(User, rows, shown=True))
        districts = (
            (row.pk, self.terms.pk(Vocabulary.DISTRICT, code))
            for row in written
            if not row.covers_city
            for code in dict.fromkeys(self.lots.choices(list(DISTRICTS), list(DISTRICTS.values()), k=3))
        )
        self.writer.link(User.districts, districts)
        return [row.pk for row in written]

    def of_organisations(self, organisations: list[Organisation], fewest: int, most: int) -> dict[int, list[int]]:
        """The people of each organisation, by its key; the first of them owns it."""
        places = [row for row in organisations for _number in range(self.lots.randint(fewest, most))]
        people = (self._person(f"person{self._number + 1}") for _place in places)
        found: dict[int, list[int]] = {}
        for place, person in zip(places, self.writer.add(User, people), strict=True):
            found.setdefault(place.pk, []).append(person.pk)
        members = (
            Membership(
                user_id=person,
                organisation_id=organisation,
                role=MembershipRole.MEMBER if position else MembershipRole.OWNER,
            )
            for organisation, people_ in found.items()
            for position, person in enumerate(people_)
        )
        self.writer.add_all(Membership, members)
        return found

    def date_back(self) -> None:
        """Everybody came with their organisation."""
        mine = Membership.objects.filter(user=OuterRef("pk")).values("organisation__created_at")
        User.objects.filter(membership__isnull=False).update(
            created_at=Subquery(mine), email_confirmed_at=Subquery(mine)
        )
        theirs = Organisation.objects.filter(pk=OuterRef("organisation")).values("created_at")
        Membership.objects.update(joined_at=Subquery(theirs))
        platform = User.objects.filter(membership__isnull=True)
        platform.update(created_at=F("email_confirmed_at") - timedelta(days=1))

    def give_passwords(self, owners: dict[str, int]) -> list[SeedAccount]:
        """The seeds' accounts of organisations go to these people (by kind of account); all that can sign in now."""
        for account in self.accounts:
            key = owners.get(account.email)
            if key is None or account.platform_role:
                continue
            user = User.objects.get(pk=key)
            user.email, user.name, user.phone = account.email, account.name, account.phone
            user.set_password(account.password)
            user.save()
        return [account for account in self.accounts if account.platform_role or account.email in owners]

    def _person(self, local_part: str, *, platform_role: str = "") -> User:
        self._number += 1
        return User(
            email=f"{local_part}@example.com",
            password=NO_PASSWORD,
            name=person_name(self.lots),
            phone=phone(self._number),
            platform_role=platform_role,
            email_confirmed_at=FOUNDED,
        )
