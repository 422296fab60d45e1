"""The pages of imports: who sees them, what they cost, and a file brought in through them."""

from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override
from openpyxl import load_workbook

from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import NotAllowed, StateConflict
from apps.imports.models import Import, ImportKind, ImportState
from apps.imports.services import import_cancel, import_map, import_run
from tests.imports.web.steps import HEAD, brought, checked, imported, mapped, rows_of, worked, xlsx

pytestmark = pytest.mark.django_db


LIST_QUERIES = 4


def test_strangers_do_not_see_and_colleagues_may_help(
    professor: User, sme_owner: User, client: Any, reviewer: User, administrator: User
) -> None:
    job = brought(professor, xlsx([HEAD, *rows_of(1)]))
    assert [list(Import.objects.visible_to(user)) for user in (professor, administrator)] == [[job], [job]]
    assert not Import.objects.visible_to(sme_owner).exists()
    assert not Import.objects.visible_to(reviewer).exists()
    with pytest.raises(NotAllowed):
        import_cancel(job=job, by=sme_owner)
    with pytest.raises(NotAllowed):
        brought(sme_owner, xlsx([HEAD]), kind=ImportKind.ORGANISATIONS)
    client.force_login(sme_owner)
    for page in ("", "columns/", "progress/", "errors/"):
        assert client.get(f"/imports/{job.public_id}/{page}").status_code == 404
    for action in ("run", "cancel", "undo"):
        assert client.post(f"/imports/{job.public_id}/{action}/").status_code == 404


@pytest.mark.parametrize("count", [1, 20])
def test_a_list_of_imports_costs_the_same_however_long(
    professor: User, client: Any, django_assert_num_queries: Any, count: int
) -> None:
    named = {"kind": ImportKind.RESULT, "size_bytes": 1, "organisation_id": professor.membership.organisation_id}
    for number in range(count):
        Import.objects.create(started_by=professor, file_name=f"{number}.xlsx", **named)
    client.force_login(professor)
    client.get("/imports/")
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get("/imports/")
    assert page.content.decode().count("row-card") == count


def test_every_state_has_its_page(professor: User, client: Any) -> None:
    client.force_login(professor)
    job = imported(professor, rows_of(2))
    for state in ImportState:
        Import.objects.filter(pk=job.pk).update(state=state, finished_at=clock.now())
        page = client.get(f"/imports/{job.public_id}/", follow=True)
        assert page.status_code == 200
        assert ("/progress/" in page.content.decode()) == (state in ("checking", "running", "undoing"))


def test_a_hidden_sheet_is_named_unless_it_is_the_template_s_own(professor: User, client: Any) -> None:
    client.force_login(professor)
    template = client.get("/imports/templates/expert.xlsx").content
    book = load_workbook(BytesIO(template))
    for name, is_named in (("options", False), ("底稿", True)):
        if is_named:
            book.create_sheet(name).sheet_state = "hidden"
        target = BytesIO()
        book.save(target)
        file = SimpleUploadedFile("专家.xlsx", target.getvalue())
        page = client.get(client.post("/imports/new/expert/", {"file": file})["Location"]).content.decode()
        assert ("这些隐藏的工作表不会导入：底稿。" in page) == is_named
        assert "options" not in page


def test_a_file_is_brought_in_through_the_pages(professor: User, client: Any) -> None:
    client.force_login(professor)
    sent = client.post("/imports/new/result/", {"file": SimpleUploadedFile("a.xlsx", b"no workbook")})
    assert (sent.status_code, "Excel" in sent.content.decode()) == (422, True)
    file = SimpleUploadedFile("成果.xlsx", xlsx([["成果表"], HEAD, *rows_of(2)]))
    columns = client.post("/imports/new/result/", {"file": file})["Location"]
    job = Import.objects.get()
    assert (job.file_name, job.heading_line, "成果" in str(job.file.name)) == ("成果.xlsx", 2, False)
    data = {f"column_{number}": name for number, name in job.mapping.items()}
    for strange in ("²", "9" * 5000):
        assert client.get(columns, {"line": strange}).status_code == 200
    wrong = client.post(columns, {"sheet": job.sheet, "line": "2", **data, "column_1": ""})
    assert (wrong.status_code, "还没有指定这些必需的列：名称" in wrong.content.decode()) == (422, True)
    assert client.post(columns, {"sheet": job.sheet, "line": "2", **data}).status_code == 302
    worked(job)
    assert "激光熔覆耐磨涂层1" in client.get(f"/imports/{job.public_id}/").content.decode()
    client.post(f"/imports/{job.public_id}/run/")
    assert worked(job).state == ImportState.DONE
    client.post(f"/imports/{job.public_id}/undo/")
    assert worked(job).state == ImportState.UNDONE


def test_the_mapping_must_make_sense(professor: User) -> None:
    job = brought(professor, xlsx([HEAD, *rows_of(1)]))
    for mapping, said in (
        ({"0": "external_id"}, "必需的列"),
        ({"0": "external_id", "1": "title", "2": "title"}, "有两列"),
        ({"0": "external_id", "1": "title", "99": "value"}, "过期"),
        ({"0": "external_id", "1": "is_superuser"}, "过期"),
    ):
        with pytest.raises(ValidationError, match=said):
            import_map(job=job, by=professor, sheet=job.sheet, heading_line=1, mapping=mapping)


def test_what_was_said_of_drafts_outlives_a_refused_form_and_another_heading(professor: User, client: Any) -> None:
    client.force_login(professor)
    job = brought(professor, xlsx([["成果表"], HEAD, *rows_of(1)]))
    page, drafts = f"/imports/{job.public_id}/columns/", 'value="no" id="publish-no" checked'
    data = {f"column_{number}": name for number, name in job.mapping.items()} | {"line": "2", "publish": "no"}
    assert drafts not in client.get(page).content.decode()
    refused = client.post(page, data | {"column_1": ""})
    assert (refused.status_code, drafts in refused.content.decode()) == (422, True)
    elsewhere = client.post(page, data | {"again": "yes", "other_line": "1"}, follow=True)
    assert (elsewhere.context["line"], drafts in elsewhere.content.decode()) == (1, True)
    assert not Import.objects.get().is_working
    client.post(page, data)
    assert Import.objects.get().publish is False


def test_another_sheet_is_looked_at_from_its_own_heading(professor: User, client: Any) -> None:
    client.force_login(professor)
    book = load_workbook(BytesIO(xlsx([HEAD, *rows_of(1)])))
    for row in (["成果表"], [], HEAD, rows_of(1)[0]):
        book.create_sheet("二") if "二" not in book else None
        book["二"].append(row)
    target = BytesIO()
    book.save(target)
    job = brought(professor, target.getvalue())
    sent = {"again": "yes", "sheet": "Sheet", "line": "1", "other_sheet": "二", "other_line": "1"}
    shown = client.post(f"/imports/{job.public_id}/columns/", sent, follow=True).context
    assert (shown["sheet"]["name"], shown["line"]) == ("二", 3)


def test_what_another_check_came_to_is_not_imported_unseen(professor: User, client: Any) -> None:
    client.force_login(professor)
    job = checked(professor, rows_of(1))
    page = f"/imports/{job.public_id}/"
    seen = client.get(page).content.decode().partition('name="seen" value="')[2].partition('"')[0]
    mapped(job, professor, publish=False)
    told = client.post(f"{page}run/", {"seen": seen}, follow=True)
    assert "之后又检查过" in told.content.decode()
    assert Import.objects.get().state == ImportState.CHECKED
    seen = client.get(page).content.decode().partition('name="seen" value="')[2].partition('"')[0]
    client.post(f"{page}run/", {"seen": seen})
    assert worked(job).state == ImportState.DONE


def test_whether_rows_are_wrong_is_asked_of_what_is_stored(professor: User) -> None:
    stale = checked(professor, rows_of(1))
    Import.objects.filter(pk=stale.pk).update(bad_count=1, total=2)
    with pytest.raises(StateConflict, match="1 行有误"):
        import_run(job=stale, by=professor, all_or_nothing=True)


def test_who_reads_english_sees_how_rows_will_look(professor: User, client: Any) -> None:
    client.force_login(professor)
    job = checked(professor, rows_of(1))
    with override("en"):  # what the page sets is gone afterwards
        page = client.get(f"/imports/{job.public_id}/", headers={"accept-language": "en"})
    assert page.headers["Content-Language"] == "en"
    assert [shown.line for shown in page.context["preview"]] == [2]
