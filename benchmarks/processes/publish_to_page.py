"""From the press on 发布 to proposals on the page, in the embedded default: SQLite, bundled broker, worker, web server.

An SME's owner signs in and writes drafts; then, one after another, publishes each and stays on its page, which loads
the proposals' fragment and polls as it is told to. Timed from the press until the answer with the proposals is there.

    .venv/bin/python -m benchmarks.processes.publish_to_page [SIZE]
"""

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure, size_asked
from benchmarks.processes.browser import Browser, watch
from benchmarks.processes.installation import SMALLEST_MEASUREMENT, embedded_site
from benchmarks.processes.need_forms import need_forms
from benchmarks.processes.people import OWNER_EMAIL, PASSWORD

NEEDS, FEW_NEEDS, WARM_UPS = 30, 2, 3
PATIENCE_SECONDS = 120
DATABASE = "matchsvc.sqlite3"


@dataclass(frozen=True, slots=True)
class Steps:
    """Seconds of one need: the press until its page is there, waiting for a worker, its match, until it is seen."""

    page: float
    claim: float
    match: float
    seen: float
    whole: float


def main(size: int) -> None:
    with embedded_site(size) as (site, folder):
        steps = measure(site, folder / DATABASE, NEEDS if size >= SMALLEST_MEASUREMENT else FEW_NEEDS)
    report(size, steps)


def measure(site: str, database: Path, count: int) -> list[Steps]:
    browser = Browser(site)
    browser.sign_in(OWNER_EMAIL, PASSWORD)
    drafts = [browser.post_json("/api/v1/needs/", form)["id"] for form in need_forms(WARM_UPS + count)]
    return [publish_and_watch(browser, draft, database) for draft in drafts][WARM_UPS:]


def publish_and_watch(browser: Browser, need: str, database: Path) -> Steps:
    pressed, pressed_at = time.perf_counter(), time.time()
    page = browser.post(f"/needs/{need}/publish/", {})
    loaded = time.perf_counter()
    path = f"/needs/{need}/proposals/"
    seen = watch(browser, page.text, lambda text: "match-card " in text, path=path, patience_seconds=PATIENCE_SECONDS)
    asked, claimed, finished = moments(database, need)
    return Steps(
        page=loaded - pressed,
        claim=claimed - asked,
        match=finished - claimed,
        seen=(pressed_at + seen - pressed) - finished,
        whole=seen - pressed,
    )


def moments(database: Path, need: str) -> tuple[float, float, float]:
    """When the match of a need was asked for, claimed and finished, in seconds of the wall clock."""
    query = """
        SELECT 86400 * (julianday(r.created_at) - 2440587.5), 86400 * (julianday(r.started_at) - 2440587.5),
               86400 * (julianday(r.finished_at) - 2440587.5)
        FROM matching_matchrequest r JOIN needs_need n ON n.id = r.need_id WHERE n.public_id = ?
    """
    with closing(sqlite3.connect(database)) as connection:
        asked, claimed, finished = connection.execute(query, [need]).fetchone()
    return asked, claimed, finished


def report(size: int, steps: list[Steps]) -> None:
    whole = [each.whole for each in steps]
    Figure(
        figure="publish_to_page",
        title="从点“发布”到页面出现推荐（默认安装，第 95 百分位）",
        size=size,
        ours=float(np.percentile(whole, 95)),
        unit="s",
        must=2.0,
        aim=1.0,
        extras={
            "needs": len(steps),
            "median": float(np.median(whole)),
            "most": max(whole),
            **{f"median_{name}": median_of(steps, name) for name in ("page", "claim", "match", "seen")},
        },
    ).report()


def median_of(steps: list[Steps], name: str) -> float:
    return float(np.median([getattr(each, name) for each in steps]))


if __name__ == "__main__":
    main(size_asked(50_000))
