"""The page of a contract, as each side sees and uses it."""

import html
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.core import clock
from apps.engagements.models import Contract, Engagement, Instalment, Milestone
from apps.engagements.services import (
    contract_correct,
    contract_file_add,
    contract_record,
    instalment_plan,
    milestone_set,
)
from tests.engagements.conftest import PNG

ClientOf = Callable[[User], Client]


def address(name: str, row: Engagement | Instalment | Milestone) -> str:
    return reverse(f"engagements:{name}", args=[row.public_id])


def filled(terms: dict[str, Any], **fields: str) -> dict[str, str]:
    return {name: str(getattr(value, "pk", value)) for name, value in terms.items()} | fields


def test_a_contract_is_recorded_through_the_form(
    engagement: Engagement, sme_owner: User, client_of: ClientOf, terms: Callable[..., dict[str, Any]]
) -> None:
    client = client_of(sme_owner)
    assert "还没有登记技术合同" in client.get(address("contract", engagement)).content.decode()
    form = client.get(address("contract_edit", engagement)).content.decode()
    assert "青岛海岚精工有限公司" in form
    response = client.post(address("contract_edit", engagement), filled(terms()))
    assert response.status_code == 302
    page = client.get(address("contract", engagement)).content.decode()
    for text in ("320,000 元（32 万元）", "280,000 元（28 万元）", "技术开发合同", "已到账 0 元，共 32 万元"):
        assert text in page


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("amount_yuan", "三十万", ""),
        ("amount_yuan", "-1", ""),
        ("signed_on", "2100-01-01", "不能晚于今天"),
        ("title", "", ""),
    ],
)
def test_a_wrong_term_shows_its_message_and_keeps_what_was_typed(
    *,
    engagement: Engagement,
    sme_owner: User,
    client_of: ClientOf,
    terms: Callable[..., dict[str, Any]],
    field: str,
    value: str,
    message: str,
) -> None:
    response = client_of(sme_owner).post(address("contract_edit", engagement), filled(terms(), **{field: value}))
    page = response.content.decode()
    assert response.status_code == 200
    assert message in page[page.index(f'id="id_{field}_error"') :]
    assert "胶州湾理工大学" in page
    assert not Contract.objects.exists()


def test_terms_are_corrected_and_amended_through_the_forms(
    contract: Contract, professor: User, client_of: ClientOf, terms: Callable[..., dict[str, Any]]
) -> None:
    client, case = client_of(professor), contract.engagement
    assert client.post(address("contract_edit", case), filled(terms(title="更正的名称"))).status_code == 302
    changed = filled(terms(title="更正的名称", amount_yuan=400000), reason="增加二期试验")
    assert client.post(address("contract_amend", case), changed).status_code == 302
    page = client.get(address("contract", case)).content.decode()
    for text in ("已变更，第 2 版", "变更原因：增加二期试验", "更正的名称", "成交额 320,000 元（32 万元）"):
        assert text in page


def sent_to(page: str) -> str:
    """Where the form of a page goes."""
    return html.unescape(re.findall(r'<form class="panel" method="post" action="([^"]*)"', page)[0])


@pytest.mark.parametrize(("name", "more"), [("contract_edit", {}), ("contract_amend", {"reason": "增加二期试验"})])
def test_a_form_that_was_overtaken_comes_back_whole_and_saving_again_is_a_decision(
    *,
    contract: Contract,
    sme_owner: User,
    professor: User,
    client_of: ClientOf,
    terms: Callable[..., dict[str, Any]],
    name: str,
    more: dict[str, str],
) -> None:
    client, url = client_of(sme_owner), address(name, contract.engagement)
    opened = client.get(url).content.decode()
    contract_correct(contract=contract, by=professor, provider_name="胶州湾理工大学材料学院")
    typed = filled(terms(title="我方更正的名称"), **more)
    answer = client.post(url + sent_to(opened), typed, headers={"Referer": f"http://testserver{url}{sent_to(opened)}"})
    page = answer.content.decode()
    assert answer.status_code == 200
    for text in ("林教授 在", "保存过同一份内容", "胶州湾理工大学材料学院", "我方更正的名称", *more.values()):
        assert text in page
    assert Contract.objects.get().title == contract.title
    assert client.post(url + sent_to(page), typed).status_code == 302
    assert Contract.objects.get().title == "我方更正的名称"


def test_a_page_opened_by_an_old_address_can_be_saved(
    contract: Contract, sme_owner: User, client_of: ClientOf, terms: Callable[..., dict[str, Any]]
) -> None:
    client, url = client_of(sme_owner), address("contract_edit", contract.engagement)
    opened = client.get(f"{url}?seen=2020-01-01").content.decode()
    assert client.post(url + sent_to(opened), filled(terms(title="更正的名称"))).status_code == 302
    assert Contract.objects.get().title == "更正的名称"


def test_of_two_who_record_at_once_the_second_sees_what_the_first_recorded(
    engagement: Engagement,
    sme_owner: User,
    professor: User,
    client_of: ClientOf,
    terms: Callable[..., dict[str, Any]],
) -> None:
    client, url = client_of(sme_owner), address("contract_edit", engagement)
    opened = client.get(url).content.decode()
    contract_record(engagement=engagement, by=professor, **terms(title="供给方登记的名称"))
    page = client.post(url + sent_to(opened), filled(terms(title="需求方登记的名称"))).content.decode()
    assert "供给方登记的名称" in page
    assert Contract.objects.get().title == "供给方登记的名称"
    assert client.post(url + sent_to(page), filled(terms(title="需求方登记的名称"))).status_code == 302
    assert Contract.objects.get().title == "需求方登记的名称"


def test_payments_and_milestones_are_kept_on_the_page(contract: Contract, sme_owner: User, client_of: ClientOf) -> None:
    client, case, today = client_of(sme_owner), contract.engagement, clock.today().isoformat()
    client.post(address("instalment_add", case), {"planned_on": today, "planned_yuan": "100000"})
    instalment = Instalment.objects.get()
    wrong = client.post(address("instalment_receive", instalment), {"received_on": today, "received_yuan": "999999"})
    assert "到账额合计不能大于成交额" in wrong.content.decode()
    client.post(address("instalment_receive", instalment), {"received_on": today, "received_yuan": "100000"})
    client.post(address("milestone_add", case), {"title": "首批试样", "due_on": today})
    milestone = Milestone.objects.get()
    client.post(address("milestone_accept", milestone))
    page = client.get(address("contract", case)).content.decode()
    for text in ("已到账 10 万元，共 32 万元", "31%", "首批试样", "需求方已验收", "等供给方验收"):
        assert text in page
    client.post(address("milestone_withdraw", milestone))
    client.post(address("milestone_drop", milestone))
    client.post(address("instalment_take_back", instalment))
    client.post(address("instalment_drop", instalment))
    assert not Instalment.objects.exists()
    assert not Milestone.objects.exists()


def test_files_are_downloads_for_those_who_see_the_case(
    contract: Contract, sme_owner: User, professor: User, stranger: User, client_of: ClientOf
) -> None:
    upload = SimpleUploadedFile("合同扫描.png", PNG)
    response = client_of(sme_owner).post(address("contract_file_add", contract.engagement), {"upload": upload})
    assert response.status_code == 302
    url = reverse("engagements:contract_file", args=[contract.files.get().public_id])
    answer = client_of(professor).get(url)
    assert answer.getvalue() == PNG
    assert answer["Content-Disposition"].startswith("attachment")
    assert client_of(stranger).get(url).status_code == 404
    remove = reverse("engagements:contract_file_remove", args=[contract.files.get().public_id])
    assert client_of(stranger).post(remove).status_code == 404
    assert client_of(professor).post(remove).status_code == 302
    assert not contract.files.exists()


def test_a_stranger_finds_no_contract_and_a_reviewer_only_reads(
    contract: Contract, sme_owner: User, stranger: User, reviewer: User, client_of: ClientOf
) -> None:
    case = contract.engagement
    instalment = instalment_plan(contract=contract, by=sme_owner, planned_on=clock.today(), planned_yuan=Decimal(1000))
    for name, row in (
        ("contract", case),
        ("contract_edit", case),
        ("contract_amend", case),
        ("instalment_drop", instalment),
    ):
        assert client_of(stranger).post(address(name, row)).status_code in (404, 405)
    page = client_of(reviewer).get(address("contract", case)).content.decode()
    assert contract.title in page
    assert address("contract_edit", case) not in page
    assert client_of(reviewer).post(address("instalment_drop", instalment)).status_code == 403


def test_the_page_asks_the_same_number_of_queries_for_many_rows(
    contract: Contract, sme_owner: User, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        instalment_plan(contract=contract, by=sme_owner, planned_on=clock.today(), planned_yuan=Decimal(1000))
        milestone_set(contract=contract, by=sme_owner, title=f"节点{number}", due_on=clock.today())
        contract_file_add(contract=contract, by=sme_owner, upload=SimpleUploadedFile("合同.png", PNG))
    client, url = client_of(sme_owner), address("contract", contract.engagement)
    client.get(url)
    with django_assert_num_queries(11):  # 2 for the person, case with 3 lists, contract with 4 lists
        client.get(url)
