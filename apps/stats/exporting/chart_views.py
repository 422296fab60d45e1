"""The door through which the tables behind charts leave as files: for officials, about what they may see."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from apps.accounts.views.signed_in import signed_in
from apps.core import audit
from apps.core.tables.downloads import FORMATS, table_response
from apps.stats.exporting.charts import chart_sheets
from apps.stats.forms import read_question
from apps.stats.permissions import for_officials


@for_officials
@require_safe
def export_chart(request: HttpRequest, key: str, kind: str) -> HttpResponseBase:
    make = chart_sheets().get(key)
    if make is None or kind not in FORMATS:
        raise Http404
    user = signed_in(request)
    _form, question = read_question(request.GET, user)
    sheet = make(question)
    audit.record_view(None, "export.made", by=user, detail={**request.GET.dict(), "what": f"chart.{key}"})
    narrowed = (question.district, question.chain, question.tier)
    period = question.period
    name = "_".join(str(part) for part in (sheet.label, *narrowed, period.first, period.last) if part)
    return table_response(sheet.header, sheet.rows, kind=kind, name=name, title=sheet.label)
