"""A file of capabilities from its upload to the catalogue: staged, checked, imported; and the memory that took.

Twice, in processes of their own: a tenth of SIZE rows, and SIZE rows (50,000), beside 1,000 open needs. The pieces are
carried out one after the other, as one worker would. On a new SQLite file, or on the empty database DATABASE_URL names.

    .venv/bin/python -m benchmarks.city.imports [SIZE]
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django
from django.core.files import File
from django.core.management import call_command
from django.db import connection
from openpyxl import Workbook

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matchsvc.settings")
django.setup()

from apps.accounts.models import Membership, MembershipRole, Organisation, OrganisationKind, OrganisationState, User  # noqa: E402  (models need the registry)
from apps.capabilities.models import Capability  # noqa: E402  (models need the registry)
from apps.core import clock  # noqa: E402  (models need the registry)
from apps.imports import work  # noqa: E402  (models need the registry)
from apps.imports.models import ImportKind  # noqa: E402  (models need the registry)
from apps.imports.services import import_map, import_run, import_upload  # noqa: E402  (models need the registry)
from apps.matching.requests import without_hints  # noqa: E402  (models need the registry)
from apps.needs.services import needs_import  # noqa: E402  (models need the registry)
from benchmarks.city.exports import own_bytes  # noqa: E402  (as the others)
from benchmarks.figure import Figure  # noqa: E402  (as the others)

SIZE = 50_000
MOST_SECONDS, MOST_GROWTH = 180.0, 1.5
NAMES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
OPEN_NEEDS = 1_000
WORDS = (
    "激光熔覆",
    "耐磨涂层",
    "轧辊",
    "模具",
    "焊接",
    "机器人",
    "视觉检测",
    "轴承",
    "齿轮",
    "高分子",
    "橡胶",
    "锂电池",
    "传感器",
    "冷链",
    "发酵",
    "海藻",
    "铸造",
    "热处理",
)


def main(size: int) -> None:
    few, many = (measured(count) for count in (size // 10, size))
    common = {"few": few, "many": many, "load": os.getloadavg()[0], "cores": os.cpu_count()}
    database = many["database"]
    Figure(
        figure=f"imports_{database}",
        title=f"导入一张成果表，从上传到公开（{NAMES[database]}）",
        size=size,
        ours=many["whole_s"],
        unit="s",
        must=MOST_SECONDS,
        extras=common,
    ).report()
    Figure(
        figure=f"imports_memory_{database}",
        title=f"导入时最多占用的内存（{NAMES[database]}）",
        size=size,
        ours=many["own_mb"],
        peer=few["own_mb"],
        peer_name="十分之一的行数",
        unit="MiB",
        must=MOST_GROWTH,
        extras=common,
    ).report()


def measured(count: int) -> dict[str, Any]:
    """What `measure` tells of so many rows, in a process of its own."""
    told = b"{}"
    with tempfile.TemporaryDirectory() as folder:
        environment = {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3"} | os.environ
        environment |= {
            "MATCHSVC_VAR": folder,
            "MATCHSVC_MODE": "demo",
            "DJANGO_SETTINGS_MODULE": "matchsvc.settings",
        }
        file = Path(folder) / "rows.xlsx"
        for step in ("prepare", "measure"):
            command = [sys.executable, "-m", "benchmarks.city.imports", step, str(count), str(file)]
            told = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout
    print(told.decode(), end="", flush=True)
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return found


def prepare(count: int, file: Path) -> None:
    """An empty city with open needs, and the file."""
    call_command("migrate", verbosity=0)
    call_command("flush", verbosity=0, interactive=False)
    call_command("load_taxonomy", verbosity=0)
    verified = {"state": OrganisationState.VERIFIED, "verified_at": clock.now()}
    university = Organisation.objects.create(name="测量大学", kind=OrganisationKind.UNIVERSITY, **verified)
    enterprise = Organisation.objects.create(name="测量企业", kind=OrganisationKind.ENTERPRISE, **verified)
    user = User.objects.create_user("measured@example.com", "x", name="测量", email_confirmed_at=clock.now())
    Membership.objects.create(user=user, organisation=university, role=MembershipRole.OWNER)
    needs = [
        {"external_id": str(n), "title": f"{WORDS[n % 18]}问题{n}", "goal": "希望寿命翻倍。"} for n in range(OPEN_NEEDS)
    ]
    with without_hints():
        needs_import(rows=needs, organisation=enterprise, by=None, publish=True)
    write_file(count, file)


def write_file(count: int, file: Path) -> None:
    """Titles and texts of 300 signs that differ from row to row, as in a list of a university."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("成果")
    sheet.append(
        [
            "编号",
            "名称",
            "一句话价值",
            "详细介绍",
            "应用产业",
            "技术领域",
            "合作方式",
            "所在区市",
            "成熟度",
            "知识产权状态",
            "转化方式",
        ]
    )
    for n in range(count):
        one, other = WORDS[n % 18], WORDS[n * 7 % 18]
        text = f"针对{one}中的{other}难题，提出第{n}号工艺路线，经中试验证寿命提高{n % 90 + 10}%。" * 6
        row = [f"CG-{n:06}", f"{one}{other}成套技术{n}", f"{one}寿命翻倍", text, "智能装备", "", "委托开发、技术转让"]
        sheet.append([*row, "崂山区", n % 9 + 1, "已授权", "技术许可"])
    book.save(file)


def measure(count: int, file: Path) -> None:
    work.send_hint = print_nothing
    user = User.objects.get(email="measured@example.com")
    began, processor = time.perf_counter(), time.process_time()
    with file.open("rb") as content:
        upload: Any = File(content, name=file.name)
        job = import_upload(kind=ImportKind.RESULT, upload=upload, by=user)
    uploaded = time.perf_counter()
    import_map(job=job, by=user, sheet=job.sheet, heading_line=job.heading_line, mapping=job.mapping)
    carry_out(job.public_id)
    checked = time.perf_counter()
    job.refresh_from_db()
    assert (job.created_count, job.bad_count) == (count, 0), (job.state, job.error, job.remarks.first())  # noqa: S101  (a measurement of something else is none)
    with without_hints():
        import_run(job=job, by=user)
        carry_out(job.public_id)
    imported = time.perf_counter()
    assert Capability.objects.count() == count  # noqa: S101  (as above)
    figures = {
        "rows": count,
        "database": connection.vendor,
        "megabytes": round(file.stat().st_size / 1e6, 1),
        "upload_s": round(uploaded - began, 1),
        "check_s": round(checked - uploaded, 1),
        "import_s": round(imported - checked, 1),
        "whole_s": round(imported - began, 1),
        "processor_s": round(time.process_time() - processor, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "own_mb": round(max(own) / 1024**2),
    }
    print(json.dumps(figures), flush=True)


def print_nothing(public_id: str) -> None:
    """No worker is told: the pieces are carried out here."""


own: list[int] = []
"""Bytes of memory after each piece."""


def carry_out(public_id: str) -> None:
    """Piece after piece, to the end."""
    goes_on = True
    while goes_on:
        job = work.claim(public_id)
        assert job is not None  # noqa: S101  (nobody else works here)
        goes_on = work.carry_out(job)
        own.append(own_bytes(os.getpid()))


if __name__ == "__main__":
    if len(sys.argv) == 4:
        {"prepare": prepare, "measure": measure}[sys.argv[1]](int(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE)
