"""Turn-around of the desk as the city's statistics tell it: the decisions of a period, and how long they took."""

from datetime import timedelta

from django.db.models import Avg, Case, Count, FloatField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.capabilities.models import Capability
from apps.core.service_times import ServiceTime, Waits, Within, register_service_time
from apps.core.tables.columns import Column, attribute
from apps.review.models import Verdict
from apps.review.models.handling import FINAL
from apps.review.models.subjects import kind_of, organisation_of_row
from apps.review.presentation import page_of

ROWS = ("organisation", "need__organisation", "capability__organisation", "reviewer")


def verdicts_within(asked: Within) -> QuerySet[Verdict]:
    """What was approved, returned or found in order; whose row it is decides the district, chain and tier."""
    rows = Verdict.objects.filter(decided_at__gte=asked.since, decided_at__lt=asked.until, outcome__in=FINAL)
    if asked.districts or asked.tier:
        owners = Organisation.objects.all()
        if asked.districts:
            owners = owners.filter(district__in=asked.districts)
        if asked.tier:
            owners = owners.filter(tiers=asked.tier)
        keys = owners.order_by().values("pk")
        rows = rows.filter(
            Q(organisation__in=keys) | Q(need__organisation__in=keys) | Q(capability__organisation__in=keys)
        )
    if asked.chain:
        rows = rows.filter(_of_chain(asked.chain))
    return rows.select_related(*ROWS).order_by("-decided_at", "-id")


def _of_chain(chain: int) -> Q:
    """A chain contains those below it."""
    named = Q(term_id=chain) | Q(term__parent_id=chain)
    industries = Capability.industries.through.objects.filter(named).values("capability_id")
    found = Q(capability__in=industries)
    for path in ("need__industry_chain", "organisation__cloud_centre__industry_chain"):
        found |= Q(**{path: chain}) | Q(**{f"{path}__parent": chain})
    return found


def waits_within(asked: Within) -> Waits:
    """Two queries, however many decisions there were: the median is the middle one of those in order."""
    rows = verdicts_within(asked).select_related(None).order_by()
    kept = Case(When(is_within_goal=True, then=Value(100.0)), default=Value(0.0), output_field=FloatField())
    found = rows.aggregate(count=Count("pk"), kept=Avg(kept))
    if not found["count"]:
        return Waits(0, None, None)
    middle = (found["count"] - 1) // 2
    minutes = list(rows.order_by("working_minutes").values_list("working_minutes", flat=True)[middle : middle + 2])
    middles = minutes[: 1 if found["count"] % 2 else 2]
    return Waits(found["count"], sum(middles) / len(middles) / 60, round(found["kept"], 1))


def _address(verdict: Verdict) -> str:
    return page_of(verdict.row)


def _minutes(verdict: Verdict) -> str:
    hours, minutes = divmod(timedelta(minutes=verdict.working_minutes) // timedelta(minutes=1), 60)
    return f"{hours}:{minutes:02}"


register_service_time(
    ServiceTime(
        key="review",
        label=_("审核在目标时限内完成"),
        median_label=_("审核用时的中位数"),
        definition=_(
            "所选时间内给出的审核结论（通过、退回和复核无误；搁置不计），按结论日期计。"
            "用时只算工作日 9:00 至 18:00，目标时限是给出结论当天设定的工作日数。区市、产业链和梯度按被审核的一方。"
        ),
        rows=verdicts_within,
        measure=waits_within,
        columns=(
            Column(_("名称"), lambda verdict: str(verdict.row)),
            Column(_("类别"), lambda verdict: str(kind_of(verdict.row).label)),
            Column(_("单位"), lambda verdict: str(organisation_of_row(verdict.row))),
            Column(_("结论"), attribute("outcome")),
            Column(_("审核人"), attribute("reviewer.name")),
            Column(_("提交时间"), attribute("waiting_since")),
            Column(_("审核时间"), attribute("decided_at")),
            Column(_("工作时间（时:分）"), _minutes),
            Column(_("在目标时限内"), lambda verdict: str(_("是") if verdict.is_within_goal else _("否"))),
        ),
        address=_address,
    )
)
