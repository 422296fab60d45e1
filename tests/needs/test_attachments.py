"""Files of a need: what is let in, and who gets them."""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from apps.accounts.models import User
from apps.accounts.selectors import Viewer
from apps.needs import access
from apps.needs.models import Need, NeedAttachment
from apps.needs.services import attachment_add

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(20)
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(20)


def archive(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return stream.getvalue()


def workbook() -> bytes:
    stream = io.BytesIO()
    Workbook().save(stream)
    return stream.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def partners() -> Iterator[list[Viewer]]:
    """Whom a registered check calls a partner."""
    found: list[Viewer] = []

    def check(user: User, need: Need) -> bool:
        return user in found

    access.register_partner_check(check)
    yield found
    access._checks.remove(check)


def put(need: Need, by: User, *, name: str = "图纸.pdf", content: bytes = PDF, visibility: str = "with_need") -> Any:
    return attachment_add(need=need, by=by, upload=SimpleUploadedFile(name, content), visibility=visibility)


def send(client: Client, need: Need, name: str, content: bytes, **headers: str) -> Any:
    data = {"upload": SimpleUploadedFile(name, content), "visibility": "with_need"}
    return client.post(reverse("needs:attachment_add", args=[need.public_id]), data, headers=headers)


@pytest.mark.parametrize(
    ("name", "content"),
    [("图.pdf", PDF), ("图.PNG", PNG), ("图.jpg", JPG), ("图.jpeg", JPG), ("文.docx", DOCX), ("表.xlsx", workbook())],
)
def test_files_that_are_what_they_say_are_stored_under_a_random_name(
    client_of: Clients, sme_owner: User, draft: Need, media: Path, *, name: str, content: bytes
) -> None:
    page = send(client_of(sme_owner), draft, name, content, hx_request="true").content.decode()
    stored = draft.attachments.get()
    assert name in page
    assert (stored.name, stored.size_bytes) == (name, len(content))
    assert name.split(".", maxsplit=1)[0] not in str(stored.file.name)
    assert (media / str(stored.file.name)).read_bytes() == content


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", b"<html><script>alert(1)</script>", "不符"),
        ("a.pdf", PNG, "不符"),
        ("a.png", JPG, "不符"),
        ("a.docx", workbook(), "不符"),
        ("a.xlsx", DOCX, "不符"),
        ("a.docx", archive("readme.txt"), "不符"),
        ("a.docx", b"PK\x03\x04 broken", "不符"),
        ("a.docx", archive("word/document.xml", "word/vbaProject.bin"), "不符"),
        ("a.jpg", b"text", "不符"),
        ("a.pdf", b"", "空文件"),
        ("a.exe", b"MZ", "只支持"),
        ("a.svg", b"<svg/>", "只支持"),
        ("pdf", PDF, "只支持"),
        ("海岚精工图纸.pdf", PDF, "文件名里有贵单位的名称"),
    ],
)
def test_other_files_are_refused_with_a_sentence_and_nothing_is_stored(
    client_of: Clients, sme_owner: User, draft: Need, media: Path, *, name: str, content: bytes, sentence: str
) -> None:
    page = send(client_of(sme_owner), draft, name, content, hx_request="true").content.decode()
    assert sentence in page
    assert not draft.attachments.exists()
    assert not list(media.rglob("*"))


def test_a_file_over_the_limit_is_refused(client_of: Clients, sme_owner: User, draft: Need, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1_000_000
    page = send(client_of(sme_owner), draft, "a.pdf", PDF + bytes(1_000_000), hx_request="true").content.decode()
    assert "超过 1 MB" in page
    assert not draft.attachments.exists()


def test_there_is_room_for_ten(client_of: Clients, sme_owner: User, draft: Need) -> None:
    for number in range(10):
        put(draft, sme_owner, name=f"{number}.pdf")
    page = send(client_of(sme_owner), draft, "11.pdf", PDF, hx_request="true").content.decode()
    assert "最多 10 个" in page
    assert draft.attachments.count() == 10


@pytest.mark.parametrize("missing", ["upload", "visibility"])
def test_half_a_form_is_refused(client_of: Clients, sme_owner: User, draft: Need, missing: str) -> None:
    data: dict[str, Any] = {"upload": SimpleUploadedFile("a.pdf", PDF), "visibility": "with_need"}
    del data[missing]
    address = reverse("needs:attachment_add", args=[draft.public_id])
    page = client_of(sme_owner).post(address, data, headers={"hx-request": "true"})
    assert page.status_code == 200
    assert not draft.attachments.exists()


def test_a_long_or_foreign_name_is_kept_readable(sme_owner: User, draft: Need) -> None:
    assert put(draft, sme_owner, name="字" * 300 + ".pdf").name == "字" * 196 + ".pdf"
    assert put(draft, sme_owner, name="C:\\图\\纸.pdf").name == "纸.pdf"


WHO_GETS = {
    "with_need": {"visitor", "professor", "stranger", "broker", "reviewer", "sme_owner", "partner"},
    "after_acceptance": {"reviewer", "sme_owner", "partner"},
    "private": {"reviewer", "sme_owner"},
}


@pytest.mark.parametrize("who", ["visitor", "professor", "stranger", "broker", "reviewer", "sme_owner", "partner"])
@pytest.mark.parametrize("visibility", WHO_GETS)
def test_visibility_decides_who_gets_a_file(
    client_of: Clients,
    published: Need,
    sme_owner: User,
    partners: list[Viewer],
    request: pytest.FixtureRequest,
    *,
    who: str,
    visibility: str,
) -> None:
    file = put(published, sme_owner, visibility=visibility)
    if who == "partner":
        partners.append(request.getfixturevalue("professor"))
    user = {"visitor": None, "partner": "professor"}.get(who, who)
    browser = client_of(request.getfixturevalue(user)) if user else Client()
    answer = browser.get(reverse("needs:attachment", args=[published.public_id, file.public_id]))
    page = browser.get(reverse("needs:detail", args=[published.public_id])).content.decode()
    if who in WHO_GETS[visibility]:
        assert answer.getvalue() == PDF
        assert file.public_id in page
    else:
        assert answer.status_code == 404
        assert file.public_id not in page
        assert "图纸.pdf" not in page


def test_a_file_is_saved_not_shown(client_of: Clients, sme_owner: User, published: Need) -> None:
    file = put(published, sme_owner)
    answer = Client().get(reverse("needs:attachment", args=[published.public_id, file.public_id]))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/pdf"


def test_the_promise_of_more_files_is_shown_and_private_ones_are_not_mentioned(
    sme_owner: User, published: Need
) -> None:
    put(published, sme_owner, visibility="private")
    address = reverse("needs:detail", args=[published.public_id])
    assert "附件" not in Client().get(address).content.decode()
    put(published, sme_owner, visibility="after_acceptance")
    assert "另有 1 个附件" in Client().get(address).content.decode()


def test_a_file_of_a_hidden_need_is_hidden_too(sme_owner: User, published: Need) -> None:
    file = put(published, sme_owner)
    Need.objects.filter(pk=published.pk).update(disclosure="brokers")
    address = reverse("needs:attachment", args=[published.public_id, file.public_id])
    assert Client().get(address).status_code == 404


def test_a_partner_still_reaches_a_need_that_left_the_board(
    client_of: Clients, professor: User, published: Need, partners: list[Viewer]
) -> None:
    Need.objects.filter(pk=published.pk).update(state="closed")
    address = reverse("needs:detail", args=[published.public_id])
    assert client_of(professor).get(address).status_code == 404
    partners.append(professor)
    assert client_of(professor).get(address).status_code == 200


def test_the_file_of_another_need_is_not_reached_through_this_one(
    sme_owner: User, published: Need, draft: Need
) -> None:
    file = put(draft, sme_owner)
    address = reverse("needs:attachment", args=[published.public_id, file.public_id])
    assert Client().get(address).status_code == 404


def test_a_deleted_file_is_gone_from_the_disk(
    client_of: Clients, sme_owner: User, draft: Need, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    file = put(draft, sme_owner)
    address = reverse("needs:attachment_delete", args=[draft.public_id, file.public_id])
    assert client_of(sme_owner).get(address).status_code == 405
    with django_capture_on_commit_callbacks(execute=True):
        client_of(sme_owner).post(address)
    assert not NeedAttachment.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_a_file_that_vanished_from_the_disk_is_a_missing_page(sme_owner: User, published: Need, media: Path) -> None:
    file = put(published, sme_owner)
    (media / file.file.name).unlink()
    address = reverse("needs:attachment", args=[published.public_id, file.public_id])
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("who", ["professor", "stranger", "broker", "reviewer"])
def test_others_neither_add_nor_delete(
    client_of: Clients, sme_owner: User, published: Need, who: str, request: pytest.FixtureRequest
) -> None:
    file = put(published, sme_owner)
    browser = client_of(request.getfixturevalue(who))
    assert send(browser, published, "b.pdf", PDF).status_code == 403
    address = reverse("needs:attachment_delete", args=[published.public_id, file.public_id])
    assert browser.post(address).status_code == 403
    assert published.attachments.count() == 1
