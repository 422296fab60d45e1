"""How long a list may be that leaves as a file within one request: what a minute is enough for (docs/benchmarks.md)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

MOST_ROWS = {"csv": 200_000, "xlsx": 100_000}
"""CSV goes out row by row. A workbook is whole before its first byte leaves, so that somebody waits for all of it."""


def refused(request: HttpRequest, total: int, *, kind: str, page: str) -> HttpResponse | None:
    """Back to the page of the list, with what to do instead, where it is too long for a file of this kind."""
    if total <= MOST_ROWS[kind]:
        return None
    if kind == "xlsx" and total <= MOST_ROWS["csv"]:
        text = _(
            "共有 %(total)s 条，Excel 文件一次最多 %(most)s 条。请改为导出 CSV（用 Excel 也能打开），或先缩小筛选范围。"
        )
    else:
        text = _("共有 %(total)s 条，一次最多导出 %(most)s 条。请先缩小筛选范围，例如按时间或区市分几次导出。")
    messages.error(request, text % {"total": f"{total:,}", "most": f"{MOST_ROWS[kind]:,}"})
    return redirect(f"{page}?{request.GET.urlencode()}")
