"""What an entry keeps of a change, as names and values that people read.

A name is said as the object's own field is called; what no field is called by, `NAMES` says.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.matching.models import Side

LONGEST_VALUE = 80
NAMES: Mapping[str, Any] = {
    "from": gettext_lazy("原状态"),
    "to": gettext_lazy("新状态"),
    "value": gettext_lazy("值"),
    "reason": gettext_lazy("原因"),
    "name": gettext_lazy("名称"),
    "phone": gettext_lazy("手机"),
    "email": gettext_lazy("邮箱"),
    "role": gettext_lazy("角色"),
    "covers_city": gettext_lazy("负责全市"),
    "districts": gettext_lazy("负责区市"),
    "fields": gettext_lazy("修改的栏目"),
    "version": gettext_lazy("版本"),
    "into": gettext_lazy("并入"),
    "rows": gettext_lazy("涉及记录"),
    "alias": gettext_lazy("别名"),
    "what": gettext_lazy("内容"),
    "file": gettext_lazy("文件"),
    "erased": gettext_lazy("清除条数"),
    "rewritten": gettext_lazy("改写条数"),
    "about": gettext_lazy("编号"),
    "proposal": gettext_lazy("推荐编号"),
    "request": gettext_lazy("申请编号"),
    "number": gettext_lazy("序号"),
    "side": gettext_lazy("哪一方"),
    "note": gettext_lazy("备注"),
    "text": gettext_lazy("文字"),
    "title": gettext_lazy("标题"),
    "day": gettext_lazy("日期"),
    "month": gettext_lazy("月份"),
    "months": gettext_lazy("月数"),
    "until": gettext_lazy("截止"),
    "yuan": gettext_lazy("金额（元）"),
    "amount_yuan": gettext_lazy("合同金额（元）"),
    "technology_amount_yuan": gettext_lazy("技术交易额（元）"),
    "contract_type": gettext_lazy("合同类型"),
    "client_name": gettext_lazy("委托方"),
    "provider_name": gettext_lazy("受托方"),
    "signed_on": gettext_lazy("签订日期"),
    "starts_on": gettext_lazy("开始日期"),
    "ends_on": gettext_lazy("结束日期"),
    "registration_number": gettext_lazy("登记号"),
    "broker": gettext_lazy("经纪人"),
    "owner": gettext_lazy("负责人"),
    "user": gettext_lazy("账号编号"),
    "inviter": gettext_lazy("邀请人编号"),
    "decided_by": gettext_lazy("处理人"),
    "by_link": gettext_lazy("凭邮件链接填写"),
    "shares": gettext_lazy("分成"),
    "score": gettext_lazy("得分"),
    "weights": gettext_lazy("权重"),
    "kind": gettext_lazy("类型"),
    "result": gettext_lazy("结果"),
    "call": gettext_lazy("通话编号"),
    "topics": gettext_lazy("栏目"),
    "target": gettext_lazy("目标"),
    "total": gettext_lazy("总数"),
    "files": gettext_lazy("文件数"),
    "list": gettext_lazy("清单"),
    "params": gettext_lazy("筛选条件"),
    "vocabulary": gettext_lazy("词表"),
    "visibility": gettext_lazy("谁能看到"),
    "district": gettext_lazy("区市"),
    "error": gettext_lazy("出错信息"),
    "names_need": gettext_lazy("写明需求方名称"),
    "names_capability": gettext_lazy("写明供给方名称"),
}
LISTS = ("fields", "districts", "topics")
"""Kept as a list. Any other list of two says what was before and what came after."""


def model_of(label: str) -> type[models.Model] | None:
    """The model that an entry names; None where it names none, or its app is gone."""
    try:
        return apps.get_model(label) if label else None
    except LookupError:
        return None


def details(changes: Mapping[str, Any], label: str) -> Iterator[tuple[str, str]]:
    """Names and values of what changed of an object of the kind `label`; a pair is shown as "before → after"."""
    model = model_of(label)
    for name, value in _flat(changes).items():
        if value not in (None, "", [], {}):
            yield _name(name, model), _shown(name, value, model)


def _flat(changes: Mapping[str, Any]) -> dict[str, Any]:
    """`before` and `after` as pairs: of all fields that differ, where each of them is a whole row."""
    if "before" not in changes or "after" not in changes:
        return dict(changes)
    rest = {name: value for name, value in changes.items() if name not in ("before", "after")}
    before, after = changes["before"], changes["after"]
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return {"value": [before, after], **rest}
    pairs = {name: [before.get(name), after.get(name)] for name in {**before, **after}}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]} | rest


def _field(name: str, model: type[models.Model] | None) -> Any:
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _name(name: str, model: type[models.Model] | None) -> str:
    field = _field(name, model)
    own = getattr(field, "verbose_name", None)
    # A field that nobody named is called by its own code.
    return str(own if own and str(own) != name.replace("_", " ") else NAMES.get(name, name))


def _shown(name: str, value: Any, model: type[models.Model] | None) -> str:
    if name == "fields" and isinstance(value, list):
        return "、".join(_name(str(item), model) for item in value)
    labels = _labels(name, model)
    if isinstance(value, list) and len(value) == 2 and name not in LISTS:
        return f"{_plain(value[0], labels)} → {_plain(value[1], labels)}"
    return _plain(value, labels)


def _labels(name: str, model: type[models.Model] | None) -> Mapping[Any, Any]:
    if name == "side":
        return dict(Side.choices)
    field = _field("state" if name in ("from", "to") else name, model)
    return dict(getattr(field, "flatchoices", None) or ())


def _plain(value: Any, labels: Mapping[Any, Any]) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value is None or value in ("", []):
        return _("（空）")
    if isinstance(value, list):
        text = "、".join(_plain(item, labels) for item in value)
    elif isinstance(value, dict):
        text = "，".join(f"{name} {_plain(item, {})}" for name, item in value.items())
    else:
        text = str(labels.get(value, "")) or _moment(str(value))
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _moment(text: str) -> str:
    """A moment as the city's clock shows it; any other text as it is."""
    if not re.match(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:", text):
        return text
    try:
        moment = parse_datetime(text)
    except ValueError:
        return text
    return localtime(moment).strftime("%Y-%m-%d %H:%M") if moment and moment.tzinfo else text
