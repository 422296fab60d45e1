"""One anonymous need, and every address of the site: nobody outside learns whose it is before both sides accepted.

Each address is opened by everybody who should not know, with every row that could be named in it. What may be written
where is one rule: contacts and the exact budget nowhere; the owner's name only where the need is not.
"""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Membership, MembershipRole, Organisation, OrganisationKind, PlatformRole, User
from apps.core import clock
from apps.engagements.models import Engagement
from apps.matching.models import Proposal
from apps.matching.services import proposal_accept
from apps.needs.models import Need
from apps.notifications.letters import write
from apps.notifications.models import Notification
from apps.notifications.senders.group import post_of
from apps.notifications.topics import Frequency
from apps.searches.lists import list_of
from apps.searches.services import look_for_news, search_save
from tests.factories import make_capability, make_need, make_organisation, make_proposal

NAMES = ("海岚精工", "青岛海岚精工有限公司")
ELSEWHERE = ("owner@hailan.example", "colleague@hailan.example", "13000000001", "91370200MA3C0W8X00", "7654.32")
PEOPLE = ("陈立", "周敏")
FIXED = {"kind": ("csv", "xlsx"), "format": (".json", ".csv"), "version": ("v1",)}
"""Values of what an address names beside rows."""


@pytest.fixture
def need(taxonomy: None, enterprise: Organisation, sme_owner: User, colleague: User) -> Need:
    Organisation.objects.filter(pk=enterprise.pk).update(credit_code="91370200MA3C0W8X00")
    return make_need(
        title="钛合金薄壁支架振刀",
        organisation=enterprise,
        contact=sme_owner,
        created_by=colleague,
        disclosure=Disclosure.PUBLIC_ANONYMOUS,
        nda_required=True,
        budget_wan=Decimal("7654.32"),
    )


@pytest.fixture
def proposal(need: Need, university: Organisation, professor: User) -> Proposal:
    return make_proposal(need=need, capability=make_capability(organisation=university, contact=professor))


@pytest.fixture
def outsiders(stranger: User, professor: User, broker: User) -> dict[str, User | None]:
    """Everybody who should not know: the other side of the pair among them, and a broker of no region."""
    User.objects.filter(pk=broker.pk).update(covers_city=False)
    broker.refresh_from_db()
    rival = User.objects.create_user("rival@bohai.example", name="孙研究员", email_confirmed_at=clock.now())
    institute = make_organisation("渤海材料研究所", OrganisationKind.INSTITUTE)
    Membership.objects.create(user=rival, organisation=institute, role=MembershipRole.OWNER)
    return {"anonymous": None, "stranger": stranger, "professor": professor, "rival": rival, "broker": broker}


def addresses() -> list[tuple[str, tuple[str, ...]]]:
    """Name and parameters of every address but the administration's, which has a door of its own."""
    return sorted(set(_walk(get_resolver().url_patterns, "")))


def _walk(patterns: list[Any], namespace: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                inner = ":".join(filter(None, (namespace, pattern.namespace)))
                yield from _walk(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            name = ":".join(filter(None, (namespace, pattern.name)))
            yield name, tuple(sorted(pattern.pattern.regex.groupindex))


def opened(client: Client, ids: list[str]) -> Iterator[tuple[str, str]]:
    """What each address answers, with its headers, by its path; also where somebody searches for the owner."""
    for name, parameters in addresses():
        choices = [FIXED.get(parameter, ids) for parameter in parameters]
        for values in product(*choices):
            try:
                path = reverse(name, kwargs=dict(zip(parameters, values, strict=True)))
            except NoReverseMatch:
                continue
            for query in ("",) if parameters else ("", f"?q={NAMES[0]}"):
                response = client.get(path + query)
                assert response.status_code < 500 or name == "readyz", path  # no broker here
                yield path + query, _text(response)


def _text(response: HttpResponseBase) -> str:
    parts = response.streaming_content if response.streaming else [response.content]  # type: ignore[attr-defined]  # the base has neither
    return str(response.headers) + b"".join(parts).decode("utf-8", "replace")


def leaks(text: str, marks: list[str]) -> list[str]:
    """What stands in the text and should not. `marks` are the signs of the need and its pair."""
    found = [secret for secret in ELSEWHERE if secret in text]
    if any(mark in text for mark in marks):
        # What was typed into a search box is shown again.
        shown = text.replace(f'value="{NAMES[0]}"', "")
        found += [name for name in (*NAMES, *PEOPLE) if name in shown]
    return found


def everything_found(people: dict[str, User | None], rows: list[Any], marks: list[str]) -> list[str]:
    found = []
    for role, person in people.items():
        client = Client(raise_request_exception=True)
        if person is not None:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for path, text in opened(client, [row.public_id for row in rows]):
            found += [f"{role} {path}: {secret}" for secret in leaks(text, marks)]
    return found


def test_the_walk_sees_what_should_be_seen(need: Need, proposal: Proposal, reviewer: User) -> None:
    """The rule would find a leak: a reviewer's own pages name the owner beside the need."""
    found = everything_found({"reviewer": reviewer}, [need], [need.title])
    assert any(f"/needs/{need.public_id}/" in line and NAMES[0] in line for line in found)
    assert any(ELSEWHERE[2] in line or ELSEWHERE[4] in line for line in found)


@pytest.mark.django_db
def test_no_page_and_no_endpoint_tells_outsiders_whose_an_anonymous_need_is(
    need: Need, proposal: Proposal, outsiders: dict[str, User | None]
) -> None:
    rows = [need, proposal, proposal.capability]
    assert everything_found(outsiders, rows, [need.title, need.public_id, proposal.public_id]) == []


@pytest.mark.django_db
def test_nor_while_the_agreement_is_not_confirmed(
    need: Need, proposal: Proposal, sme_owner: User, professor: User, outsiders: dict[str, User | None]
) -> None:
    """Both accepted, the agreement is open: the other side knows as little as before."""
    proposal_accept(proposal=proposal, by=sme_owner)
    proposal_accept(proposal=proposal, by=professor)
    case = Engagement.objects.get(proposal=proposal)
    assert case.awaits_agreement
    marks = [need.title, need.public_id, proposal.public_id, case.public_id]
    assert everything_found(outsiders, [need, proposal, case], marks) == []


@pytest.mark.django_db
def test_nor_does_what_is_sent_to_them(
    need: Need,
    proposal: Proposal,
    sme_owner: User,
    professor: User,
    outsiders: dict[str, User | None],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    """Notifications, letters and posts: news of a search, an answer, an acceptance, a case with an open agreement."""
    board = list_of("needs.board")
    assert board is not None
    with clock.at(clock.now() - timedelta(hours=1)):
        search_save(source=board, params={"q": "振刀"}, by=professor, name="")
    with django_capture_on_commit_callbacks(execute=True):
        look_for_news()
        proposal_accept(proposal=proposal, by=sme_owner)
        proposal_accept(proposal=proposal, by=professor)
    told = Notification.objects.filter(recipient__in=[person for person in outsiders.values() if person])
    topics = set(told.filter(recipient=professor).values_list("topic", flat=True))
    assert topics >= {"searches", "replies"}, topics
    texts = [json.dumps([row.parameters, row.url_args, row.event_key], ensure_ascii=False) for row in told]
    addresses_outside = {person.email for person in outsiders.values() if person}
    texts += [
        post_of(write([row], frequency=Frequency.AT_ONCE, to_group=group)) for row in told for group in (False, True)
    ]
    texts += [f"{m.subject}{m.body}" for m in mail.outbox if set(m.to) & addresses_outside]
    assert [secret for text in texts for secret in (*ELSEWHERE, *NAMES, *PEOPLE) if secret in text] == []


@pytest.mark.django_db
def test_brokers_of_another_district_are_strangers(need: Need, broker: User, enterprise: Organisation) -> None:
    """A need for brokers only does not exist for those who do not work where its owner is."""
    Need.objects.filter(pk=need.pk).update(disclosure=Disclosure.BROKERS)
    User.objects.filter(pk=broker.pk).update(covers_city=False, platform_role=PlatformRole.BROKER)
    broker.refresh_from_db()
    client = Client()
    client.force_login(broker, backend="django.contrib.auth.backends.ModelBackend")
    texts = [text for _path, text in opened(client, [need.public_id])]
    assert not any(need.title in text for text in texts)


@pytest.fixture(autouse=True)
def _terms(db: None) -> None:
    """Real transactions elsewhere may have emptied the vocabularies."""
    call_command("load_taxonomy", verbosity=0)
