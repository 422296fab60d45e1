"""The office's lists as files: for whom their pages are."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.administration import term_tree
from apps.administration.forms.people import PeopleFilter
from apps.administration.forms.trail import TrailFilter
from apps.administration.models import Announcement, ErasureRequest
from apps.administration.permissions import can_administer, can_enter_office
from apps.administration.selectors import people
from apps.administration.trail.details import details
from apps.administration.trail.lines import kind_name
from apps.administration.trail.phrases import phrase_of
from apps.administration.trail.search import trail
from apps.core.models import AccessEntry
from apps.core.tables.columns import Column, attribute, joined, text
from apps.core.tables.exported import ExportedList, register_lists
from apps.core.validators import clean_text
from apps.taxonomy.models import Term, Vocabulary


def administers(user: User) -> bool:
    return bool(can_administer(user))


def is_staff(user: User) -> bool:
    return bool(can_enter_office(user))


def _people(_user: User, query: QueryDict) -> QuerySet[User]:
    form = PeopleFilter(query)
    form.is_valid()  # a value that is not on offer narrows nothing
    return people(form.cleaned_data)


def _trail(_user: User, query: QueryDict) -> QuerySet[Any]:
    form = TrailFilter(query)
    return trail(form.cleaned_data) if form.is_valid() else trail({}).none()


def _terms(_user: User, query: QueryDict) -> QuerySet[Term]:
    """Of one vocabulary, as its page narrows it, or of all."""
    name = query.get("vocabulary", "")
    if name in Vocabulary.values:
        words = clean_text(query.get("q", ""))
        return term_tree.found(name, words=words, only=query.get("only", "")).prefetch_related("aliases")
    rows = Term.objects.select_related("parent", "merged_into").prefetch_related("aliases")
    return rows.order_by("vocabulary", "position", "id")


def _announcements(_user: User, _query: QueryDict) -> QuerySet[Announcement]:
    return Announcement.objects.select_related("district", "written_by")


def _erasures(_user: User, _query: QueryDict) -> QuerySet[ErasureRequest]:
    return ErasureRequest.objects.select_related("person", "decided_by").order_by("-asked_at", "-id")


def _changes(entry: Any) -> str:
    told = entry.detail if isinstance(entry, AccessEntry) else entry.changes
    return "；".join(f"{name}：{value}" for name, value in details(told, entry.object_type))


def _organisation(person: User) -> str | None:
    membership = getattr(person, "membership", None)
    return str(membership.organisation) if membership else None


PEOPLE_COLUMNS = (
    Column(_("姓名"), attribute("name")),
    Column(_("邮箱"), attribute("email")),
    Column(_("手机"), attribute("phone")),
    Column(_("单位"), _organisation),
    Column(_("平台角色"), attribute("platform_role")),
    Column(_("负责的区市"), lambda person: joined(person.districts.all())),
    Column(_("状态"), lambda person: str(_("启用") if person.is_active else _("停用"))),
    Column(_("注册时间"), attribute("created_at")),
)
TRAIL_COLUMNS = (
    Column(_("时间"), attribute("at")),
    Column(_("操作人"), text("actor")),
    Column(_("动作"), lambda entry: phrase_of(entry.action, entry.object_type)),
    Column(_("代码"), attribute("action")),
    Column(_("对象类型"), lambda entry: kind_name(entry.object_type)),
    Column(_("对象编号"), attribute("object_public_id")),
    Column(_("内容"), _changes),
    Column(_("来源地址"), attribute("address")),
    Column(_("请求编号"), attribute("request_id")),
)
TERM_COLUMNS = (
    Column(_("词表"), attribute("vocabulary")),
    Column(_("代码"), attribute("code")),
    Column(_("名称"), attribute("name")),
    Column(_("英文名称"), attribute("name_en")),
    Column(_("上级"), text("parent")),
    Column(_("别名"), lambda term: joined(alias.text for alias in term.aliases.all())),
    Column(_("状态"), lambda term: str(_("启用") if term.is_active else _("停用"))),
    Column(_("合并到"), text("merged_into")),
)
ANNOUNCEMENT_COLUMNS = (
    Column(_("内容"), attribute("text")),
    Column(_("英文内容"), attribute("text_en")),
    Column(_("级别"), attribute("level")),
    Column(_("对象"), attribute("audience")),
    Column(_("区市"), text("district")),
    Column(_("开始时间"), attribute("starts_at")),
    Column(_("结束时间"), attribute("ends_at")),
    Column(_("发布人"), text("written_by")),
)
ERASURE_COLUMNS = (
    Column(_("编号"), attribute("public_id")),
    Column(_("申请人"), text("person")),
    Column(_("状态"), attribute("state")),
    Column(_("申请时间"), attribute("asked_at")),
    Column(_("等待期满"), attribute("due_at")),
    Column(_("办理时间"), attribute("decided_at")),
    Column(_("办理人"), text("decided_by")),
)
register_lists(
    people=ExportedList(_("用户"), "office:people", _people, PEOPLE_COLUMNS, is_open_to=administers),
    trail=ExportedList(_("操作记录"), "office:trail", _trail, TRAIL_COLUMNS, is_open_to=administers),
    terms=ExportedList(_("词表"), "office:vocabularies", _terms, TERM_COLUMNS, is_open_to=is_staff),
    announcements=ExportedList(
        _("公告"), "office:announcements", _announcements, ANNOUNCEMENT_COLUMNS, is_open_to=is_staff
    ),
    erasures=ExportedList(_("注销申请"), "office:erasures", _erasures, ERASURE_COLUMNS, is_open_to=administers),
)
