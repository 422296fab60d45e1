"""The pages of imports: who sees them, what they cost, and a file brought in through them."""

from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import NotAllowed
from apps.imports.models import Import, ImportKind, ImportState
from apps.imports.services import import_cancel, import_map
from tests.imports.web.steps import HEAD, brought, imported, rows_of, worked, xlsx

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
