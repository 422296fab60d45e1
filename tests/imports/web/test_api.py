"""A program brings a file: uploaded, columns read, checked, started, followed, taken back."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.capabilities.models import Capability, CapabilityState
from apps.imports import tasks
from tests.imports.web.steps import HEAD, rows_of, xlsx

pytestmark = pytest.mark.django_db


def program(person: User) -> APIClient:
    client = APIClient()
    client.force_login(person)
    return client


def upload(client: APIClient, content: bytes, name: str = "成果.xlsx", kind: str = "result") -> Any:
    sent = {"kind": kind, "file": SimpleUploadedFile(name, content)}
    return client.post(reverse("api:import-list"), sent, format="multipart")


def test_the_whole_way_of_a_file(professor: User) -> None:
    client, rows = program(professor), rows_of(3)
    rows[1][1] = ""
    job = upload(client, xlsx([HEAD, *rows])).json()
    key = [job["id"]]
    columns = client.get(reverse("api:import-columns", args=key)).json()
    assert [column["meaning"] for column in columns["columns"]][:2] == ["external_id", "title"]
    assert [known["name"] for known in columns["known"] if known["is_required"]] == ["external_id", "title"]
    checking = client.post(reverse("api:import-check", args=key), {}, format="json").json()
    assert (checking["state"], checking["percent"]) == ("checking", None)
    tasks.carry_out(job["id"])
    checked = client.get(reverse("api:import-detail", args=key)).json()
    assert (checked["state"], checked["created_count"], checked["bad_count"]) == ("checked", 2, 1)
    [remark] = client.get(reverse("api:import-remarks", args=key)).json()["results"]
    assert (remark["kind"], remark["line"]) == ("problem", 3)
    sheet = load_workbook(BytesIO(client.get(reverse("api:import-errors", args=key)).content)).active
    assert sheet is not None
    assert sheet.cell(2, 1).value == "R-1"
    whole = client.post(reverse("api:import-run", args=key), {"all_or_nothing": True}, format="json")
    assert (whole.status_code, "1 行有误" in whole.json()["detail"]) == (409, True)
    assert client.post(reverse("api:import-run", args=key), {}, format="json").json()["state"] == "running"
    tasks.carry_out(job["id"])
    assert client.post(reverse("api:import-undo", args=key)).json()["state"] == "undoing"
    tasks.carry_out(job["id"])
    assert client.get(reverse("api:import-detail", args=key)).json()["state"] == "undone"
    assert set(Capability.objects.values_list("state", flat=True)) == {CapabilityState.ARCHIVED}


def test_a_mapping_of_ones_own_is_checked_like_on_the_page(professor: User) -> None:
    client = program(professor)
    job = upload(client, "甲,乙\nR-1,涂层\n".encode(), "成果.csv").json()
    url = reverse("api:import-check", args=[job["id"]])
    refused = client.post(url, {"mapping": {"0": "external_id"}}, format="json")
    assert (refused.status_code, "名称" in str(refused.json()["mapping"])) == (400, True)
    for wrong in ({"9": "title"}, {"0": "nonsense"}, {"0": "title", "1": "title"}):
        assert client.post(url, {"mapping": wrong}, format="json").status_code == 400
    good = {"mapping": {"0": "external_id", "1": "title"}, "publish": False}
    assert client.post(url, good, format="json").status_code == 200


@pytest.mark.parametrize(
    ("name", "content"), [("a.exe", b"MZ"), ("a.xlsx", b"no workbook"), ("a.csv", b""), ("a.xls", b"\xd0\xcf\x11\xe0")]
)
def test_a_file_of_no_use_is_refused_with_a_sentence(professor: User, name: str, content: bytes) -> None:
    answer = upload(program(professor), content, name)
    assert (answer.status_code, bool(answer.json()["file"])) == (400, True)


def test_others_see_nothing_of_it(professor: User, stranger: User, sme_owner: User) -> None:
    job = upload(program(professor), xlsx([HEAD, *rows_of(1)])).json()
    for person in (stranger, sme_owner):
        assert program(person).get(reverse("api:import-detail", args=[job["id"]])).status_code == 404
        assert program(person).post(reverse("api:import-undo", args=[job["id"]])).status_code == 404
    assert program(sme_owner).get(reverse("api:import-list")).json()["results"] == []
    assert upload(program(sme_owner), xlsx([HEAD]), kind="organisations").status_code == 403


def test_columns_of_another_sheet_are_guessed_there(professor: User) -> None:
    client, book = program(professor), load_workbook(BytesIO(xlsx([HEAD, *rows_of(1)])))
    other = book.create_sheet("二")
    for row in (["说明"], ["成果名称", "成果编号"], ["涂层", "R-1"]):
        other.append(row)
    target = BytesIO()
    book.save(target)
    job = upload(client, target.getvalue()).json()
    url = reverse("api:import-columns", args=[job["id"]])
    shown = client.get(url, {"sheet": "二"}).json()
    assert (shown["sheet"], shown["heading_line"]) == ("二", 2)
    assert [column["meaning"] for column in shown["columns"]] == ["title", "external_id"]
    assert client.get(url).json()["sheet"] == "Sheet"
    for wrong in ({"heading_line": "x"}, {"heading_line": 0}):
        assert client.get(url, wrong).status_code == 400
    check = reverse("api:import-check", args=[job["id"]])
    assert client.post(check, {"sheet": "三"}, format="json").status_code == 400
    assert client.post(check, {"sheet": "二"}, format="json").status_code == 200
    tasks.carry_out(job["id"])
    done = client.get(reverse("api:import-detail", args=[job["id"]])).json()
    assert (done["state"], done["created_count"], done["bad_count"]) == ("checked", 1, 0)


def test_a_program_may_say_which_check_it_has_seen(professor: User) -> None:
    client = program(professor)
    key = [upload(client, xlsx([HEAD, *rows_of(1)])).json()["id"]]
    seen = []
    for _check in range(2):
        seen.append(client.post(reverse("api:import-check", args=key), {}, format="json").json()["checked_at"])
        tasks.carry_out(key[0])
    run = reverse("api:import-run", args=key)
    assert client.post(run, {"seen": seen[0]}, format="json").status_code == 409
    assert client.post(run, {"seen": seen[1]}, format="json").json()["state"] == "running"
