"""Merging terms: nothing is left behind, nothing is doubled, and the seeds bring nothing back."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from apps.accounts.models import Organisation, User
from apps.administration.services.merging import merged_terms_settle, references, term_merge, usage_of
from apps.capabilities.kinds import DETAILS
from apps.capabilities.models import Capability
from apps.capabilities.services import transfer_modes
from apps.core.errors import DomainError, NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.matching.models import IndexChange, MatchRequest
from apps.needs.models import Need
from apps.taxonomy.models import Alias, Term, Vocabulary
from apps.taxonomy.seed_files import read_pain_points, read_terms
from apps.taxonomy.selectors import engine_terms, terms
from apps.taxonomy.services import LoadReport, alias_add, alias_remove, taxonomy_load, term_add, term_update
from tests.factories import make_capability, make_need

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(taxonomy: None) -> tuple[Term, Term]:
    leaves = Term.objects.filter(vocabulary="tag", children=None, is_active=True)
    old, new = leaves[:2]
    return old, new


def merge(pair: tuple[Term, Term], by: User) -> dict[str, int]:
    return term_merge(term=pair[0], into=pair[1], by=by, typed=pair[0].name)


def load() -> LoadReport:
    folder = Path(settings.SEEDS_DIR) / "taxonomy"
    return taxonomy_load(terms=read_terms(folder), pain_points=read_pain_points(folder))


def test_every_row_names_the_other_term_once(pair: tuple[Term, Term], administrator: User) -> None:
    old, new = pair
    one, both = make_need(tags=[old]), make_need(tags=[old, new])
    other = make_need(tags=[new])
    capability = make_capability()
    capability.tags.set([old])
    preview = dict(usage_of(old))
    counts = merge(pair, administrator)
    assert counts == preview
    assert counts["技术需求"] == 2
    for need in (one, both, other):
        assert list(need.tags.all()) == [new]
    assert list(capability.tags.all()) == [new]
    assert usage_of(old) == []


def test_what_changed_is_matched_again_and_open_forms_are_told(pair: tuple[Term, Term], administrator: User) -> None:
    touched, untouched = make_need(tags=[pair[0]]), make_need(tags=[pair[1]])
    capability = make_capability()
    capability.tags.set([pair[0]])
    IndexChange.objects.all().delete()
    merge(pair, administrator)
    assert Need.objects.get(pk=touched.pk).version == touched.version + 1
    assert Need.objects.get(pk=untouched.pk).version == untouched.version
    assert Capability.objects.get(pk=capability.pk).version == capability.version + 1
    assert MatchRequest.objects.filter(need=touched).exists()
    assert MatchRequest.objects.filter(capability=capability).exists()
    assert set(IndexChange.objects.values_list("kind", "row")) == {
        ("need", touched.pk),
        ("capability", capability.pk),
    }


def test_names_children_and_the_trail_go_along(pair: tuple[Term, Term], administrator: User) -> None:
    old, new = pair
    Alias.objects.create(term=old, text="旧别名")
    child = Term.objects.create(vocabulary="tag", code="x_child", name="下级", parent=old)
    merge(pair, administrator)
    names = set(new.aliases.values_list("text", flat=True))
    assert {old.name, "旧别名"} <= names
    child.refresh_from_db()
    assert child.parent == new
    old.refresh_from_db()
    assert (old.is_active, old.merged_into) == (False, new)
    assert old.code not in {term.code for term in engine_terms()}
    entry = AuditEntry.objects.get(action="term.merged")
    assert entry.changes["into"] == new.code


def test_the_seeds_bring_back_neither_merged_nor_edited_nor_retired_terms(
    pair: tuple[Term, Term], administrator: User
) -> None:
    old = pair[0]
    renamed = Term.objects.filter(vocabulary="cooperation_mode")[0]
    term_update(term=renamed, by=administrator, fields={"name": "本市的叫法"})
    alias = Alias.objects.exclude(term__in=pair).select_related("term")[0]
    alias_remove(alias=alias, by=administrator)
    merge(pair, administrator)
    before = list(Term.objects.order_by("pk").values())
    names = set(Alias.objects.values_list("term_id", "text"))
    report = load()
    assert (report.created, report.updated) == (0, 0)
    assert list(Term.objects.order_by("pk").values()) == before
    assert set(Alias.objects.values_list("term_id", "text")) == names
    old.refresh_from_db()
    assert not old.is_active


def test_what_was_saved_with_the_old_term_meanwhile_is_moved_later(
    pair: tuple[Term, Term], administrator: User
) -> None:
    merge(pair, administrator)
    late = make_need(tags=[pair[0]])
    assert merged_terms_settle() == 1
    assert list(late.tags.all()) == [pair[1]]
    assert Need.objects.get(pk=late.pk).version == late.version + 1
    assert merged_terms_settle() == 0


def test_a_chain_of_merges_leads_to_the_last(pair: tuple[Term, Term], administrator: User) -> None:
    old, new = pair
    last = Term.objects.filter(vocabulary="tag", children=None, is_active=True)[2]
    merge(pair, administrator)
    term_merge(term=Term.objects.get(pk=new.pk), into=last, by=administrator, typed=new.name)
    late = make_need(tags=[old])
    merged_terms_settle()
    assert list(late.tags.all()) == [last]


def test_an_organisations_district_is_moved_too(administrator: User, enterprise: Organisation, taxonomy: None) -> None:
    old, new = Term.objects.filter(vocabulary="district")[:2]
    Organisation.objects.filter(pk=enterprise.pk).update(district=old)
    administrator.districts.set([old, new])
    term_merge(term=old, into=new, by=administrator, typed=old.name)
    enterprise.refresh_from_db()
    assert enterprise.district == new
    assert list(administrator.districts.all()) == [new]


@pytest.fixture
def modes(taxonomy: None) -> tuple[Term, Term]:
    old, new = Term.objects.filter(vocabulary="cooperation_mode").exclude(code="transfer")[:2]  # the factory's
    return old, new


def result_with(*codes: str) -> Capability:
    capability = make_capability()
    Capability.objects.filter(pk=capability.pk).update(details=capability.details | {"transfer_modes": list(codes)})
    return Capability.objects.get(pk=capability.pk)


def test_ways_of_cooperation_in_the_details_are_replaced_and_counted(
    modes: tuple[Term, Term], administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer_modes, "BATCH", 2)
    old, new = modes
    longer = f"{old.code}_more"
    alone, both = result_with(old.code), result_with("other", new.code, old.code)
    first, untouched = result_with(old.code, longer, new.code), result_with(longer, new.code)
    as_term = make_capability()
    for row in (alone, as_term):
        row.cooperation_modes.set([old])
    assert dict(usage_of(old))["创新资源"] == 4
    counts = merge(modes, administrator)
    assert counts["创新资源"] == 4
    assert usage_of(old) == []
    wanted = {alone: [new.code], both: ["other", new.code], first: [new.code, longer], untouched: [longer, new.code]}
    for row, codes in wanted.items():
        now = Capability.objects.get(pk=row.pk)
        assert now.details == row.details | {"transfer_modes": codes}
        assert now.version == row.version + (row != untouched)


def test_the_owner_saves_after_the_merge(modes: tuple[Term, Term], administrator: User) -> None:
    row = result_with(modes[0].code)
    merge(modes, administrator)
    (detail,) = (one for one in DETAILS[row.kind] if one.key == "transfer_modes")
    assert detail.form_field().clean(Capability.objects.get(pk=row.pk).details["transfer_modes"]) == [modes[1].code]


def test_details_saved_with_the_old_code_meanwhile_are_replaced_later(
    modes: tuple[Term, Term], administrator: User
) -> None:
    merge(modes, administrator)
    late = result_with(modes[0].code)
    assert merged_terms_settle() == 1
    assert Capability.objects.get(pk=late.pk).details["transfer_modes"] == [modes[1].code]
    assert merged_terms_settle() == 0


def test_every_detail_that_names_terms_is_known(modes: tuple[Term, Term]) -> None:
    """Whoever adds another has to have it moved as well."""
    lists = [set(terms(name).values_list("code", flat=True)) for name in Vocabulary.values]
    offered = {one.key: dict(getattr(one.form_field(), "choices", ())) for kind in DETAILS.values() for one in kind}
    assert {key for key, codes in offered.items() if any(one <= codes.keys() for one in lists if one)} == {
        transfer_modes.KEY
    }


def test_what_must_not_be_merged_is_refused(pair: tuple[Term, Term], administrator: User, reviewer: User) -> None:
    old, new = pair
    chain = Term.objects.filter(vocabulary="district")[0]
    with pytest.raises(NotAllowed):
        merge(pair, reviewer)
    with pytest.raises(DomainError, match="不一致"):
        term_merge(term=old, into=new, by=administrator, typed="别的")
    with pytest.raises(DomainError, match="同一词表"):
        term_merge(term=old, into=chain, by=administrator, typed=old.name)
    merge(pair, administrator)
    with pytest.raises(StateConflict):
        merge(pair, administrator)
    assert AuditEntry.objects.filter(action="term.merged").count() == 1


def test_every_relation_to_a_term_is_known(taxonomy: None) -> None:
    """A table that comes later is moved as well: nobody has to remember it."""
    known = {(reference.model._meta.label, reference.column) for reference in references()}
    assert {
        ("needs.Need_tags", "term"),
        ("needs.Need", "industry_chain"),
        ("accounts.Organisation", "district"),
    } <= known
    assert not {column for model, column in known if model.startswith("taxonomy.Term")}


def test_the_preview_counts_and_the_name_is_typed(pair: tuple[Term, Term], administrator: User, client_of: Any) -> None:
    old, new = pair
    make_need(tags=[old])
    client = client_of(administrator)
    url = reverse("office:term_merge", args=[old.pk])
    page = client.get(url, {"into": new.name}).content.decode()
    assert "将改写的记录" in page
    assert "技术需求" in page
    assert "没有找到启用中的词条" in client.get(url, {"into": "没有这个"}).content.decode()
    client.post(url, {"into": new.code, "typed": "错的"})
    old.refresh_from_db()
    assert old.is_active
    client.post(url, {"into": new.code, "typed": old.name})
    old.refresh_from_db()
    assert old.merged_into == new


def test_a_term_is_added_and_named_otherwise(administrator: User, taxonomy: None, client_of: Any) -> None:
    client = client_of(administrator)
    sent = {"code": "x_new", "name": "量子激光", "position": "5", "name_en": "", "description": "", "parent": ""}
    assert client.post(reverse("office:term_add", args=["tag"]), sent).status_code == 302
    term = Term.objects.get(code="x_new")
    assert "这个代码已被使用" in client.post(reverse("office:term_add", args=["tech_field"]), sent).content.decode()
    client.post(reverse("office:alias_add", args=[term.pk]), {"text": "飞秒激光加工术"})
    assert list(term.aliases.values_list("text", flat=True)) == ["飞秒激光加工术"]
    other = term_add(by=administrator, vocabulary="tag", code="x_other", name="另一个词条")
    page = client.post(reverse("office:alias_add", args=[other.pk]), {"text": "量子激光"}).content.decode()
    assert "已经是“量子激光”的名称或别名" in page
    client.post(reverse("office:term", args=[term.pk]), {**sent, "name": "量子激光加工"})
    term.refresh_from_db()
    assert term.name == "量子激光加工"
    assert "量子激光" in set(term.aliases.values_list("text", flat=True))


def test_of_two_who_change_a_term_the_second_is_told_what_it_says_now(
    administrator: User, taxonomy: None, client_of: Any
) -> None:
    term, client = term_add(by=administrator, vocabulary="tag", code="x_two", name="量子激光"), client_of(administrator)
    url, seen = reverse("office:term", args=[term.pk]), term.revision
    assert f'name="seen" value="{seen}"' in client.get(url).content.decode()
    sent = {"name": "量子激光", "position": "0", "name_en": "", "description": "", "parent": "", "seen": seen}
    assert client.post(url, sent | {"description": "一句说明"}).status_code == 302
    told = client.post(url, sent | {"description": "另一句"}).content.decode()
    assert "刚刚被他人修改" in told
    assert told.count("现在是“一句说明”") == told.count("现在是“") == 1
    assert "另一句" in told
    term.refresh_from_db()
    assert term.description == "一句说明"
    client.post(url, sent | {"description": "另一句", "seen": term.revision})
    term.refresh_from_db()
    assert term.description == "另一句"


def test_no_term_stands_below_itself(administrator: User, taxonomy: None, client_of: Any) -> None:
    top = term_add(by=administrator, vocabulary="tag", code="x_top", name="顶上的词")
    below = term_add(by=administrator, vocabulary="tag", code="x_below", name="下面的词", parent=top)
    sent = {"name": top.name, "position": "0", "parent": below.code}
    page = client_of(administrator).post(reverse("office:term", args=[top.pk]), sent).content.decode()
    assert "不能把词条放在它自己或它的下级之下" in page


def test_only_administrators_keep_the_vocabularies(reviewer: User, taxonomy: None) -> None:
    term = Term.objects.filter(vocabulary="tag")[0]
    with pytest.raises(NotAllowed):
        term_update(term=term, by=reviewer, fields={"name": "改"})
    with pytest.raises(NotAllowed):
        alias_add(term=term, by=reviewer, text="又名")
    with pytest.raises(NotAllowed):
        term_add(by=reviewer, vocabulary="tag", code="x", name="新")


def test_no_two_terms_of_a_vocabulary_have_one_name(administrator: User, taxonomy: None, client_of: Any) -> None:
    taken = term_add(by=administrator, vocabulary="tag", code="x_taken", name="量子激光")
    alias_add(term=taken, by=administrator, text="飞秒激光加工术")
    other = term_add(by=administrator, vocabulary="tag", code="x_other", name="另一个词条")
    client = client_of(administrator)
    for name in ("量子激光", "飞秒激光加工术"):
        sent = {"code": "x_new", "name": name, "position": "0", "name_en": "", "description": "", "parent": ""}
        for url in (reverse("office:term_add", args=["tag"]), reverse("office:term", args=[other.pk])):
            assert client.post(url, sent).context["form"].errors == {
                "name": [f"“{name}”已经是“量子激光”的名称或别名。"]
            }
    assert set(Term.objects.filter(code__startswith="x_").values_list("name", flat=True)) == {"量子激光", "另一个词条"}
    term_add(by=administrator, vocabulary="district", code="x_elsewhere", name="量子激光")
    term_update(term=taken, by=administrator, fields={"name": "飞秒激光加工术"})  # its own alias
    term_update(term=Term.objects.get(pk=taken.pk), by=administrator, fields={"name": "量子激光"})
    assert Term.objects.get(pk=taken.pk).name == "量子激光"


def test_a_term_that_another_changed_meanwhile_is_not_retired(
    administrator: User, taxonomy: None, client_of: Any
) -> None:
    term, client = term_add(by=administrator, vocabulary="tag", code="x_two", name="量子激光"), client_of(administrator)
    page, url = (reverse(f"office:{name}", args=[term.pk]) for name in ("term", "term_set_active"))
    assert client.get(page).content.decode().count(f'name="seen" value="{term.revision}"') == 2
    term_update(term=term, by=administrator, fields={"name": "飞秒激光加工术"})
    sent = {"active": "0", "seen": term.revision}
    told = client.post(url, sent, follow=True, headers={"Referer": f"http://testserver{page}"}).content.decode()
    assert "刚刚被他人修改" in told
    assert Term.objects.get(pk=term.pk).is_active
    client.post(url, sent | {"seen": Term.objects.get(pk=term.pk).revision})
    assert not Term.objects.get(pk=term.pk).is_active
