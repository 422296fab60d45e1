"""One anonymous need, and every address of the site: nobody outside learns whose it is before both sides accepted.

Each address is opened by everybody who should not know, with every row that could be named in it; the pair is one that
the matcher made, with the reasons it stored. What may be written where is one rule: contacts and the exact budget
nowhere; the owner's name only where the need is not. Files are unpacked before they are read (`tests/answers.py`).
"""

import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail
from django.core.management import call_command
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from icalendar import Event
from openpyxl import Workbook
from reportlab.platypus import SimpleDocTemplate

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Membership, MembershipRole, Organisation, OrganisationKind, PlatformRole, User
from apps.core import clock
from apps.core.pdf.face import face
from apps.core.pdf.text import BODY, paragraph
from apps.engagements.models import Engagement
from apps.engagements.services import agreement_confirm, meeting_plan, message_send
from apps.matching import requests
from apps.matching.index import live
from apps.matching.models import MatchRequest, Priority, Proposal
from apps.matching.runs import carry_out
from apps.matching.services import proposal_accept
from apps.needs.models import Need
from apps.notifications.letters import write
from apps.notifications.models import Notification
from apps.notifications.senders.group import post_of
from apps.notifications.topics import Frequency
from apps.searches.lists import list_of
from apps.searches.services import look_for_news, search_save
from tests.answers import said_by
from tests.factories import make_capability, make_need, make_organisation

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
def proposal(need: Need, university: Organisation, professor: User, monkeypatch: pytest.MonkeyPatch) -> Proposal:
    """As the matcher stores it, with everything it wrote of the two."""
    monkeypatch.setattr(live, "_live", None)  # an index of this test's rows only
    monkeypatch.setattr(requests, "send_hints", lambda *_, **__: None)  # no broker here
    capability = make_capability(organisation=university, contact=professor)
    requests.request_for_needs([need], priority=Priority.INTERACTIVE)
    claimed = requests.claim(MatchRequest.objects.get(need=need).public_id)
    assert claimed is not None
    carry_out(claimed)
    return Proposal.objects.get(need=need, capability=capability)


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
                yield path + query, said_by(response)


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
            client.force_login(person, backend="apps.accounts.backends.AccountBackend")
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
def test_nor_do_the_reasons_that_the_matcher_stores(proposal: Proposal) -> None:
    """The supply side reads them before anybody has accepted, and so do exports, the API and letters."""
    assert {reason["kind"] for reason in proposal.reasons} >= {"for_need", "for_capability", "shared_terms"}
    columns = ("parts", "reasons", "shared_terms", "indicator_verdicts", "notes")
    stored = json.dumps([getattr(proposal, name) for name in columns], ensure_ascii=False)
    assert [secret for secret in (*ELSEWHERE, *NAMES, *PEOPLE) if secret in stored] == []


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
def test_nor_anybody_but_the_partner_once_the_agreement_is_signed(
    need: Need, proposal: Proposal, sme_owner: User, professor: User, outsiders: dict[str, User | None]
) -> None:
    """With a meeting and a message: their pages, calendar files and documents are for the two sides only."""
    proposal_accept(proposal=proposal, by=sme_owner)
    proposal_accept(proposal=proposal, by=professor)
    case = Engagement.objects.get(proposal=proposal)
    for person in (sme_owner, professor):
        agreement_confirm(agreement=case.agreement, by=person)
    case.refresh_from_db()
    assert not case.awaits_agreement
    start = clock.now() + timedelta(days=2)
    times = {"starts_at": start, "ends_at": start + timedelta(hours=1)}
    meeting = meeting_plan(engagement=case, by=sme_owner, title="振刀试切", place="海岚精工一号车间", **times)
    message = message_send(engagement=case, by=professor, text="周三到海岚精工。")
    marks = [need.title, need.public_id, proposal.public_id, case.public_id, meeting.public_id, message.public_id]
    others = {role: person for role, person in outsiders.items() if role != "professor"}
    assert everything_found(others, [need, proposal, case, meeting, message], marks) == []
    calendar = reverse("engagements:meeting_invitation", args=[meeting.public_id])
    client = Client()
    client.force_login(professor, backend="apps.accounts.backends.AccountBackend")
    assert NAMES[1] in said_by(client.get(calendar))  # the partner's does name whom they meet


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
    texts += [_letter(m) for m in mail.outbox if set(m.to) & addresses_outside]
    assert [secret for text in texts for secret in (*ELSEWHERE, *NAMES, *PEOPLE) if secret in text] == []


def _letter(letter: mail.EmailMessage) -> str:
    """Everything of it: subject, text, the HTML beside it, headers."""
    beside = [str(content) for content, _kind in getattr(letter, "alternatives", [])]
    return "".join([str(letter.subject), str(letter.body), *beside, letter.from_email, str(letter.extra_headers)])


PACKED = "对接双方：青岛海岚精工有限公司"


def _sheet() -> bytes:
    target, book = io.BytesIO(), Workbook()
    book.create_sheet("对接").append(["需求", PACKED])
    book.save(target)
    return target.getvalue()


def _calendar() -> bytes:
    event = Event()
    event.add("summary", f"{'很长的会议主题' * 6}{PACKED}")
    return bytes(event.to_ical()).replace(b"BEGIN:VEVENT", b"BEGIN:VCALENDAR", 1)


def _document(**options: str) -> bytes:
    face()
    target = io.BytesIO()
    pages = SimpleDocTemplate(target, title=options.get("title", ""))
    pages.build([paragraph(options.get("text", "保密协议"), BODY)])
    return target.getvalue()


@pytest.mark.parametrize(
    "answer",
    [
        HttpResponse(f"<title>{PACKED}</title>"),
        HttpResponse(b"", headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(PACKED)}"}),
        JsonResponse({"name": PACKED}),
        HttpResponse(_sheet()),
        HttpResponse(_calendar()),
        HttpResponse(_document(text=PACKED)),
        HttpResponse(_document(title=PACKED)),
        StreamingHttpResponse(iter([PACKED.encode()])),
    ],
    ids=["title", "filename", "json", "xlsx", "ics", "pdf", "pdf_title", "stream"],
)
def test_a_name_is_read_out_of_every_kind_of_answer(answer: HttpResponseBase) -> None:
    assert NAMES[1] in said_by(answer)


@pytest.mark.django_db
def test_brokers_of_another_district_are_strangers(need: Need, broker: User, enterprise: Organisation) -> None:
    """A need for brokers only does not exist for those who do not work where its owner is."""
    Need.objects.filter(pk=need.pk).update(disclosure=Disclosure.BROKERS)
    User.objects.filter(pk=broker.pk).update(covers_city=False, platform_role=PlatformRole.BROKER)
    broker.refresh_from_db()
    client = Client()
    client.force_login(broker, backend="apps.accounts.backends.AccountBackend")
    texts = [text for _path, text in opened(client, [need.public_id])]
    assert not any(need.title in text for text in texts)


@pytest.fixture(autouse=True)
def _terms(db: None) -> None:
    """Real transactions elsewhere may have emptied the vocabularies."""
    call_command("load_taxonomy", verbosity=0)
