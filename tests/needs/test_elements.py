"""Elements of a need: what is read, what people decide about it, and who sees it."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core import suggestions
from apps.core.errors import NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.needs import analysis
from apps.needs.analysis import Clarity, FoundElement, Gap, Said
from apps.needs.elements import ElementValues, merged
from apps.needs.models import Need, NeedElement
from apps.needs.services import StaleForm, need_analyse, need_draft_save, need_update_published
from apps.needs.tasks import analyse
from tests.needs.test_form import typed

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]
CAST = ("visitor", "colleague", "professor", "stranger", "broker", "reviewer", "administrator")
KNOWN = {"轧辊": "object", "热喷涂": "process", "激光熔覆": "process", "涂层": "material"}


class Reader:
    """Finds the words of KNOWN; a need is clear once it has a problem."""

    def __init__(self) -> None:
        self.said: list[Said] = []
        self.read: list[Mapping[str, str]] = []

    def elements(self, texts: Mapping[str, str]) -> list[FoundElement]:
        self.read.append(texts)
        found = [
            FoundElement(kind, word, name, text.find(word), text.find(word) + len(word), 0.82)
            for name, text in texts.items()
            for word, kind in KNOWN.items()
            if word in text
        ]
        return sorted(found, key=lambda element: element.start)

    def clarity(self, said: Said) -> Clarity:
        self.said.append(said)
        gaps = [] if said.indicators else [Gap("indicators", 30, "写一条能测量的指标。")]
        gaps += [] if any(kind == "problem" for kind, _ in said.elements) else [Gap("problem", 20, "说说哪里不好。")]
        return Clarity(100 - sum(gap.points for gap in gaps), tuple(gaps))


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    """In place of the engine; tags and indicators are none of these tests' business."""
    made = Reader()
    monkeypatch.setattr(analysis, "_registered", [made])
    monkeypatch.setattr(suggestions, "_registered", [])
    return made


@pytest.fixture
def client(client_of: Clients, sme_owner: User) -> Client:
    return client_of(sme_owner)


def decided(kind: str, text: str, state: str) -> ElementValues:
    return ElementValues(kind=kind, text=text, state=state)


def states(need: Need) -> dict[str, str]:
    return dict(NeedElement.objects.filter(need=need).values_list("text", "state"))


# ---- Putting together what was found and what was decided ----------------------------------------------------------
TEXTS = {"title": "轧辊寿命偏短", "background": "", "goal": "用激光熔覆修复轧辊"}
FOUND = [FoundElement("object", "轧辊", "title", 0, 2, 0.9), FoundElement("process", "激光熔覆", "goal", 1, 5, 0.7)]


def test_what_is_found_is_proposed_with_its_place() -> None:
    first, second = merged(FOUND, (), TEXTS)
    assert (first.text, first.state, first.field, first.start, first.end) == ("轧辊", "proposed", "title", 0, 2)
    assert second.confidence == 0.7


def test_decisions_stay_with_what_is_found_again() -> None:
    mine = [decided("object", "轧辊", "confirmed"), decided("process", "激光熔覆", "removed")]
    assert [element.state for element in merged(FOUND, mine, TEXTS)] == ["confirmed", "removed"]


def test_an_element_is_the_same_in_other_capitals_and_spaces() -> None:
    found = [FoundElement("material", "PA66  GF30", "goal", 0, 10, 0.5)]
    (element,) = merged(found, [decided("material", "pa66 gf30", "removed")], TEXTS)
    assert element.state == "removed"


def test_what_was_removed_is_remembered_when_its_words_are_gone() -> None:
    (element,) = merged((), [decided("material", "铸铁", "removed")], TEXTS)
    assert (element.state, element.field, element.start) == ("removed", "", None)


def test_what_was_confirmed_goes_with_its_words_and_what_was_added_stays() -> None:
    gone, kept, own = (
        decided("material", "铸铁", "confirmed"),
        decided("object", "轧辊", "confirmed"),
        decided("constraint", "不停产", "added"),
    )
    elements = merged((), [gone, kept, own], TEXTS)
    assert [(element.text, element.field) for element in elements] == [("轧辊", "title"), ("不停产", "")]


def test_removing_counts_more_than_confirming() -> None:
    both = [decided("object", "轧辊", "removed"), decided("object", "轧辊", "confirmed")]
    assert merged(FOUND[:1], both, TEXTS)[0].state == "removed"


def test_however_much_is_found_or_sent_there_is_an_end() -> None:
    found = [FoundElement("object", f"件{n}", "goal", 0, 1, 0.5) for n in range(500)]
    sent = [decided("object", f"物{n}", "added") for n in range(500)]
    assert len(merged(found, sent, TEXTS)) == 120


# ---- Kept with the need --------------------------------------------------------------------------------------------
def test_a_saved_draft_is_read(
    reader: Reader, sme_owner: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        need = need_draft_save(by=sme_owner, values={"title": "轧辊涂层", "goal": "用激光熔覆修复轧辊"})
    need.refresh_from_db()
    assert states(need) == {"轧辊": "proposed", "涂层": "proposed", "激光熔覆": "proposed"}
    assert (need.analysed_version, need.clarity_points) == (need.version, 50)


def test_decisions_are_kept_over_a_new_reading_with_an_audit_entry_of_what_is_new(
    reader: Reader, draft: Need, sme_owner: User
) -> None:
    mine = [
        decided("object", "轧辊", "confirmed"),
        decided("process", "热喷涂", "removed"),
        decided("constraint", "不停产", "added"),
    ]
    need_draft_save(need=draft, by=sme_owner, values={}, elements=mine)
    assert need_analyse(need=draft)
    assert states(draft) == {
        "轧辊": "confirmed",
        "热喷涂": "removed",
        "不停产": "added",
        "涂层": "proposed",
        "激光熔覆": "proposed",
    }
    need_draft_save(need=draft, by=sme_owner, values={}, elements=mine[:1])
    entries = AuditEntry.objects.filter(object_id=draft.pk, action="need.elements_decided").order_by("id")
    assert [entry.changes for entry in entries] == [
        {"confirmed": ["轧辊"], "removed": ["热喷涂"], "added": ["不停产"]},
        {"undecided": ["热喷涂", "不停产"]},
    ]


def test_the_same_decisions_again_change_nothing(reader: Reader, draft: Need, sme_owner: User) -> None:
    mine = [decided("object", "轧辊", "confirmed")]
    version = need_draft_save(need=draft, by=sme_owner, values={}, elements=mine).version
    assert need_draft_save(need=draft, by=sme_owner, values={}, elements=mine).version == version
    assert AuditEntry.objects.filter(action="need.elements_decided").count() == 1


def test_a_door_without_elements_leaves_decisions_alone(reader: Reader, draft: Need, sme_owner: User) -> None:
    need_draft_save(need=draft, by=sme_owner, values={}, elements=[decided("object", "轧辊", "confirmed")])
    need_draft_save(need=draft, by=sme_owner, values={"title": "轧辊涂层寿命"})
    assert states(draft)["轧辊"] == "confirmed"


def test_decisions_on_top_of_somebody_elses_are_refused(reader: Reader, draft: Need, sme_owner: User) -> None:
    need_draft_save(need=draft, by=sme_owner, values={"title": "轧辊涂层寿命"}, version=1)
    with pytest.raises(StaleForm):
        need_draft_save(
            need=draft, by=sme_owner, values={}, elements=[decided("object", "轧辊", "confirmed")], version=1
        )
    assert states(draft) == {}


@pytest.mark.parametrize("who", ["stranger", "professor", "broker", "reviewer", "administrator"])
def test_only_its_people_decide_about_a_needs_elements(
    reader: Reader, draft: Need, published: Need, who: str, request: pytest.FixtureRequest
) -> None:
    person, mine = request.getfixturevalue(who), [decided("object", "轧辊", "removed")]
    with pytest.raises(NotAllowed):
        need_draft_save(need=draft, by=person, values={}, elements=mine)
    with pytest.raises(NotAllowed):
        need_update_published(need=published, by=person, values={}, elements=mine)
    assert not NeedElement.objects.exists()


def test_a_need_that_changed_while_it_was_read_is_left_alone(reader: Reader, draft: Need) -> None:
    Need.objects.filter(pk=draft.pk).update(version=draft.version + 1)
    assert not need_analyse(need=draft)
    assert not NeedElement.objects.exists()


def test_a_submitted_need_cannot_be_decided_about(reader: Reader, draft: Need, sme_owner: User) -> None:
    Need.objects.filter(pk=draft.pk).update(state="submitted")
    draft.refresh_from_db()
    with pytest.raises(StateConflict):
        need_draft_save(need=draft, by=sme_owner, values={}, elements=[decided("object", "轧辊", "removed")])


def test_a_reader_that_fails_loses_nothing(
    draft: Need, sme_owner: User, reader: Reader, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    reader.elements = None  # type: ignore[assignment]  # calling it raises
    with django_capture_on_commit_callbacks(execute=True):
        need_draft_save(need=draft, by=sme_owner, values={"title": "轧辊涂层寿命"})
    draft.refresh_from_db()
    assert (draft.title, draft.analysed_version) == ("轧辊涂层寿命", 0)


def test_what_was_not_read_is_read_by_the_clockwork(reader: Reader, draft: Need, published: Need) -> None:
    analyse()
    assert set(Need.objects.values_list("analysed_version", flat=True)) == {1}
    read = len(reader.read)
    analyse()
    assert len(reader.read) == read


def test_an_element_has_a_whole_place_or_none(draft: Need) -> None:
    for place in ({"field": "goal"}, {"start": 1, "end": 2}, {"field": "goal", "start": 2, "end": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            NeedElement.objects.create(need=draft, kind="object", text="轧辊", **place)


# ---- On the form ---------------------------------------------------------------------------------------------------
def read_form(client: Client, **sent: Any) -> str:
    return client.post(reverse("needs:suggest"), typed(element_shown="1", **sent)).content.decode()


def test_elements_are_proposed_while_somebody_types(client: Client, reader: Reader) -> None:
    page = read_form(client)
    assert 'name="element_confirm" value="process:激光熔覆"' in page
    assert "把握 82%" in page
    assert not NeedElement.objects.exists()


def test_a_removed_element_does_not_come_back_at_the_next_keystroke(client: Client, reader: Reader) -> None:
    page = read_form(client, element_remove=["object:轧辊"], element_confirm=["process:激光熔覆"])
    assert 'name="element_remove" value="object:轧辊" checked' in page
    assert 'name="element_confirm" value="process:激光熔覆" checked' in page
    assert page.count(" checked") == 2


def test_what_the_form_says_of_elements_is_saved_by_itself_and_shown_again(client: Client, reader: Reader) -> None:
    sent = typed(element_shown="1", element_remove=["object:轧辊"], element_added=["constraint:不停产"])
    client.post(reverse("needs:autosave"), sent)
    need = Need.objects.get()
    assert states(need) == {"轧辊": "removed", "不停产": "added"}
    page = client.get(reverse("needs:edit", args=[need.public_id])).content.decode()
    assert 'name="element_remove" value="object:轧辊" checked' in page
    assert 'name="element_added" value="constraint:不停产"' in page


def test_a_page_without_elements_saves_none(client: Client, reader: Reader) -> None:
    client.post(reverse("needs:create"), typed(element_confirm=["object:轧辊"]))
    assert states(Need.objects.get()) == {}


def test_an_element_is_added_by_its_button_and_the_line_is_blank_again(client: Client, reader: Reader) -> None:
    page = read_form(client, action="add_element", element_new_kind="constraint", element_new_text=" 不停产 改造 ")
    assert 'name="element_added" value="constraint:不停产 改造"' in page
    assert 'name="element_new_text" value=""' in page


def test_a_line_that_is_still_being_written_is_not_added(client: Client, reader: Reader) -> None:
    page = read_form(client, action=None, element_new_kind="constraint", element_new_text="不停")
    assert "element_added" not in page
    assert "element_new_text" not in page  # left as it stands


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("", "不停产", "请先选择要素的类别"),
        ("nonsense", "不停产", "请先选择要素的类别"),
        ("object", "   ", "请先写下"),
        ("object", "长" * 121, "最多 120 个字，现有 121 个"),
    ],
)
def test_what_cannot_be_added_says_why_and_stays(
    client: Client, reader: Reader, kind: str, text: str, said: str
) -> None:
    page = read_form(client, action="add_element", element_new_kind=kind, element_new_text=text)
    assert said in page
    assert f'value="{text}"' in page


def test_without_scripts_the_button_brings_the_form_back_with_the_element_and_saves_nothing(
    client: Client, reader: Reader
) -> None:
    sent = typed(action="add_element", element_shown="1", element_new_kind="constraint", element_new_text="不停产")
    page = client.post(reverse("needs:create"), sent).content.decode()
    assert 'name="element_added" value="constraint:不停产"' in page
    assert sent["goal"] in page
    assert Need.objects.count() == 0


def test_a_line_left_in_the_form_is_added_when_its_person_saves(client: Client, reader: Reader) -> None:
    client.post(reverse("needs:create"), typed(element_shown="1", element_new_kind="material", element_new_text="铸铁"))
    assert states(Need.objects.get()) == {"铸铁": "added"}


@pytest.mark.parametrize("sent", ["", ":", "object", "object:", "nonsense:轧辊", "object:" + "长" * 500, "object:\x00"])
def test_odd_elements_are_left_out(client: Client, reader: Reader, sent: str) -> None:
    assert client.post(reverse("needs:create"), typed(element_shown="1", element_remove=[sent])).status_code == 302
    assert states(Need.objects.get()) == {}


@pytest.mark.parametrize("text", ["轧辊" * 100_000, "🔧" * 3_000, "1" * 5_000, "\x00轧辊\x07", "<b>轧辊</b>" * 10])
def test_odd_texts_are_read_to_a_bound_and_come_back_whole(client: Client, reader: Reader, text: str) -> None:
    assert client.post(reverse("needs:suggest"), typed(goal=text)).status_code == 200
    assert sum(len(value) for value in reader.read[-1].values()) <= 6_000
    page = client.post(reverse("needs:create"), typed(goal=text, element_shown="1"))
    assert page.status_code in (200, 302)
    if page.status_code == 200:
        assert text.replace("\x00", "").replace("<", "&lt;").replace(">", "&gt;")[:50] in page.content.decode().replace(
            "\x00", ""
        )


def test_visitors_and_people_without_an_organisation_get_no_reading(
    reader: Reader, client_of: Clients, broker: User
) -> None:
    for browser in (Client(), client_of(broker)):
        assert browser.post(reverse("needs:suggest"), typed()).status_code == 204
    assert reader.read == []


# ---- Clarity -------------------------------------------------------------------------------------------------------
def test_the_best_gains_stand_first_and_lead_to_their_fields(client: Client, reader: Reader) -> None:
    page = read_form(client, **{"indicators-0-name": "", "indicators-0-low": ""})
    assert "<strong>50</strong> / 100" in page
    assert 'href="#indicators" data-focuses="indicators"' in page
    assert page.index("+30 分") < page.index("+20 分")


def test_what_is_typed_counts_before_it_is_saved(client: Client, reader: Reader) -> None:
    read_form(
        client, budget_wan="30", tried="换过两家涂层", element_remove=["object:轧辊"], element_added=["problem:磨损"]
    )
    said = reader.said[-1]
    assert said.filled["budget"]
    assert said.filled["tried"]
    assert not said.filled["expected_months"]
    assert ("problem", "磨损") in said.elements
    assert ("object", "轧辊") not in said.elements
    assert [row.name for row in said.indicators] == ["硬度"]


def test_an_open_budget_is_none(client: Client, reader: Reader) -> None:
    read_form(client, budget_band="negotiable")
    assert not reader.said[-1].filled["budget"]


def test_the_score_is_said_aloud_only_when_it_changed(client: Client, reader: Reader) -> None:
    assert "满分 100 分" in read_form(client)
    assert "满分 100 分" not in read_form(client, clarity_shown="80")


def test_a_blank_form_tells_what_makes_a_need_clear(client: Client, reader: Reader) -> None:
    assert "<strong>50</strong> / 100" in client.get(reverse("needs:create")).content.decode()


def test_without_a_reader_the_form_is_as_it_was(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "_registered", [])
    page = client.get(reverse("needs:create")).content.decode()
    assert "需求清晰度" not in page
    assert client.post(reverse("needs:create"), typed(element_shown="1")).status_code == 302


# ---- On the need's page --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", CAST)
def test_a_need_s_people_and_the_platform_s_see_its_elements_and_nobody_else(
    reader: Reader, published: Need, who: str, client_of: Clients, request: pytest.FixtureRequest
) -> None:
    need_analyse(need=published)
    browser = Client() if who == "visitor" else client_of(request.getfixturevalue(who))
    page = browser.get(reverse("needs:detail", args=[published.public_id])).content.decode()
    is_seen = who in {"colleague", "broker", "reviewer", "administrator"}
    assert ("需求清晰度" in page) is is_seen
    assert ("element-mark" in page) is is_seen
    assert published.title in page


def test_elements_are_marked_where_they_stand_and_everything_is_escaped(
    reader: Reader, draft: Need, client: Client
) -> None:
    Need.objects.filter(pk=draft.pk).update(goal="<i>用激光熔覆</i>修复轧辊的表面，寿命提高一倍以上。")
    draft.refresh_from_db()
    need_analyse(need=draft)
    page = client.get(reverse("needs:detail", args=[draft.public_id])).content.decode()
    assert '&lt;i&gt;用<mark class="element-mark element-process" title="工艺">激光熔覆</mark>&lt;/i&gt;修复' in page


def test_places_in_an_older_text_are_not_marked(reader: Reader, draft: Need, client: Client) -> None:
    need_analyse(need=draft)
    Need.objects.filter(pk=draft.pk).update(goal="换了一段文字，原来的位置不再对得上。", version=2)
    page = client.get(reverse("needs:detail", args=[draft.public_id])).content.decode()
    assert "element-mark" not in page
    assert "换了一段文字" in page


def test_what_others_will_see_shows_no_elements(reader: Reader, draft: Need, client: Client) -> None:
    need_analyse(need=draft)
    assert "element-mark" not in client.get(reverse("needs:publish", args=[draft.public_id])).content.decode()


def test_before_publishing_its_people_see_what_would_make_it_clearer(
    reader: Reader, draft: Need, client: Client
) -> None:
    page = client.get(reverse("needs:publish", args=[draft.public_id])).content.decode()
    assert "<strong>80</strong> / 100" in page
    assert "说说哪里不好。" in page


def test_removed_elements_are_on_the_form_only(reader: Reader, draft: Need, sme_owner: User, client: Client) -> None:
    need_draft_save(need=draft, by=sme_owner, values={}, elements=[decided("object", "轧辊", "removed")])
    need_analyse(need=draft)
    page = client.get(reverse("needs:detail", args=[draft.public_id])).content.decode()
    assert '<li class="chip element-fact">激光熔覆</li>' in page
    assert '<li class="chip element-fact">轧辊</li>' not in page


# ---- Other doors ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", CAST)
def test_the_api_tells_elements_and_clarity_to_the_same_people(
    reader: Reader, published: Need, who: str, client_of: Clients, request: pytest.FixtureRequest
) -> None:
    need_analyse(need=published)
    browser = Client() if who == "visitor" else client_of(request.getfixturevalue(who))
    told = browser.get(reverse("api:need-detail", args=[published.public_id])).json()["reading"]
    if who in {"colleague", "broker", "reviewer", "administrator"}:
        assert told["clarity"]["score"] == 80
        assert told["clarity"]["gaps"][0]["code"] == "problem"
        first = told["elements"][0]
        assert published.title[first["start"] : first["end"]] == first["text"] == "轧辊"
    else:
        assert told is None


def test_reviewers_see_how_clear_a_need_is_and_may_begin_with_the_clear_ones(
    reader: Reader, draft: Need, published: Need, reviewer: User, client_of: Clients
) -> None:
    Need.objects.filter(pk=draft.pk).update(state="submitted", title="轧辊先交", clarity_points=30)
    Need.objects.filter(pk=published.pk).update(state="submitted", title="轧辊后交", clarity_points=90)
    browser = client_of(reviewer)
    page = browser.get(reverse("review"), {"tab": "needs"}).content.decode()
    assert "清晰度 30 分" in page
    assert page.index("轧辊先交") < page.index("轧辊后交")
    page = browser.get(reverse("review"), {"tab": "needs", "order": "clearest"}).content.decode()
    assert page.index("轧辊后交") < page.index("轧辊先交")
