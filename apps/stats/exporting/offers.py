"""Lists of needs and of capabilities, and of the enterprises' centres."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.centre_forms import CentreFilters
from apps.accounts.models import CloudCentre, Organisation, User
from apps.accounts.selectors import public_centres
from apps.capabilities.filters import CatalogueFilters, catalogue
from apps.capabilities.models import Capability, CapabilityState
from apps.capabilities.selectors import capabilities_of_my_organisation, capability_card
from apps.capabilities.selectors import with_terms as with_terms_of_capabilities
from apps.core.tables.columns import Column, attribute, joined, text
from apps.core.tables.exported import ExportedList, register_lists
from apps.core.tables.writing import Cell
from apps.needs.filters import BoardFilters, board_needs
from apps.needs.models import Need, NeedState
from apps.needs.selectors import need_card, needs_of_my_organisation
from apps.needs.selectors import with_terms as with_terms_of_needs
from apps.stats.columns import CENTRE_COLUMNS, NUMBER


def _owner(owner: Organisation | None) -> Cell:
    return str(owner) if owner else _("匿名")


def _board(user: User, query: QueryDict) -> QuerySet[Need]:
    return board_needs(user, BoardFilters(query or {"sort": "newest"}).chosen)


def _my_needs(user: User, query: QueryDict) -> QuerySet[Need]:
    rows = with_terms_of_needs(needs_of_my_organisation(user))
    return rows.filter(state=query["state"]) if query.get("state") in NeedState.values else rows


def _catalogue(user: User, query: QueryDict) -> QuerySet[Capability]:
    return catalogue(user, CatalogueFilters(query).chosen)


def _my_capabilities(user: User, query: QueryDict) -> QuerySet[Capability]:
    rows = with_terms_of_capabilities(capabilities_of_my_organisation(user))
    return rows.filter(state=query["state"]) if query.get("state") in CapabilityState.values else rows


def _centres(_user: User, query: QueryDict) -> QuerySet[CloudCentre]:
    return CentreFilters(query).narrow(public_centres())


_PERIOD = (
    Column(gettext_lazy("发布时间"), attribute("published_at")),
    Column(gettext_lazy("有效期至"), attribute("valid_until")),
)
_TERMS = (
    Column(gettext_lazy("标签"), lambda row: joined(row.tags)),
    Column(gettext_lazy("合作方式"), lambda row: joined(row.cooperation_modes)),
)
NEED_COLUMNS = (
    NUMBER,
    Column(gettext_lazy("需求名称"), attribute("title")),
    Column(gettext_lazy("需求单位"), lambda card: _owner(card.owner)),
    Column(gettext_lazy("需求类型"), text("need_type")),
    Column(gettext_lazy("产业链"), text("industry_chain")),
    Column(gettext_lazy("区市"), text("district")),
    *_TERMS,
    Column(gettext_lazy("预算"), attribute("budget")),
    Column(gettext_lazy("状态"), attribute("state_label")),
    *_PERIOD,
)
CAPABILITY_COLUMNS = (
    NUMBER,
    Column(gettext_lazy("资源名称"), attribute("title")),
    Column(gettext_lazy("类别"), attribute("kind_label")),
    Column(gettext_lazy("供给单位"), lambda card: _owner(card.owner)),
    Column(gettext_lazy("一句话价值"), attribute("value")),
    Column(gettext_lazy("适用行业"), lambda card: joined(card.industries)),
    Column(gettext_lazy("区市"), text("district")),
    *_TERMS,
    Column("TRL", attribute("trl")),
    Column(gettext_lazy("状态"), attribute("state_label")),
    *_PERIOD,
)


_OF_NEEDS: dict[str, Any] = {"columns": NEED_COLUMNS, "shown": need_card}
_OF_CAPABILITIES: dict[str, Any] = {"columns": CAPABILITY_COLUMNS, "shown": capability_card}
register_lists(
    needs=ExportedList(gettext_lazy("需求大厅"), "needs:board", _board, **_OF_NEEDS),
    my_needs=ExportedList(gettext_lazy("我的需求"), "needs:mine", _my_needs, **_OF_NEEDS),
    capabilities=ExportedList(gettext_lazy("创新资源"), "capabilities:list", _catalogue, **_OF_CAPABILITIES),
    my_capabilities=ExportedList(gettext_lazy("我的资源"), "capabilities:mine", _my_capabilities, **_OF_CAPABILITIES),
    centres=ExportedList(gettext_lazy("云上研发中心"), "accounts:centres", _centres, CENTRE_COLUMNS),
)
