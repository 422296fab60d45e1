"""Rules and switches of the city."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.views.signed_in import signed_in
from apps.administration.forms.settings import SettingForm, shown_value
from apps.administration.selectors import history_of, setting_rows
from apps.administration.trail.lines import lines
from apps.administration.views.guards import for_administrators
from apps.core.city_settings import (
    Setting,
    city_setting_change,
    city_value,
    registered_settings,
    seen_value,
    setting_of,
)
from apps.core.errors import StateConflict
from apps.core.forms import renew
from apps.core.switches import PREFIX, registered_switches
from apps.core.validators import clean_text


@for_administrators
@require_safe
def settings_list(request: HttpRequest) -> HttpResponse:
    rows = setting_rows()
    shown = [setting for setting in registered_settings() if not setting.key.startswith(PREFIX)]
    shown.sort(key=lambda setting: (str(setting.group), setting.key))
    groups = [(name, [_row(one, rows) for one in group]) for name, group in groupby(shown, key=lambda s: str(s.group))]
    return render(request, "office/settings.html", {"groups": groups, "section": "settings"})


def _row(setting: Setting, rows: dict[str, Any]) -> dict[str, Any]:
    row = rows.get(setting.key)
    value = row.value if row else setting.default
    is_default = value == setting.default
    return {"setting": setting, "value": shown_value(setting, value), "is_default": is_default, "row": row}


@for_administrators
@require_http_methods(["GET", "POST"])
def setting_edit(request: HttpRequest, key: str) -> HttpResponse:
    setting = _setting(key)
    current = city_value(key)
    form = SettingForm(request.POST or None, setting=setting, current=current)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            city_setting_change(
                key=key,
                value=fields["value"],
                by=signed_in(request),
                reason=fields["reason"],
                seen=fields["seen"] or None,
            )
        except ValidationError as error:
            form.add_error(None, error)
        except StateConflict:
            current = city_value(key)
            _tell_overtaken(form, setting, current)
        else:
            messages.success(request, _("“%(name)s”已保存。") % {"name": setting.label})
            return redirect("office:setting", key)
    row = setting_rows().get(key)
    context = {
        "setting": setting,
        "form": form,
        "value": shown_value(setting, current),
        "default": shown_value(setting, setting.default),
        "is_default": current == setting.default,
        "history": lines(history_of(row)) if row else [],
        "is_switch": key.startswith(PREFIX),
        "section": "switches" if key.startswith(PREFIX) else "settings",
    }
    return render(request, "office/setting.html", context)


def _tell_overtaken(form: SettingForm, setting: Setting, now: Any) -> None:
    """What was typed stays; sent again, it replaces what is told here."""
    told = {"value": shown_value(setting, now)}
    form.add_error(
        None,
        _("这项设置刚刚被他人修改，现在的值是“%(value)s”。您填写的还在下面；再次保存，就会替换它。") % told,
    )
    renew(form, "seen", seen_value(now))


@for_administrators
@require_POST
def setting_reset(request: HttpRequest, key: str) -> HttpResponse:
    setting = _setting(key)
    city_setting_change(key=key, value=None, by=signed_in(request), reason=_("恢复默认值"))
    messages.success(request, _("“%(name)s”已恢复默认值。") % {"name": setting.label})
    return redirect("office:setting", key)


def _setting(key: str) -> Setting:
    try:
        return setting_of(key)
    except KeyError:
        raise Http404 from None


@for_administrators
@require_safe
def switches(request: HttpRequest) -> HttpResponse:
    rows = setting_rows()
    found = [
        (one, rows[one.key].value if one.key in rows else one.default, rows.get(one.key))
        for one in registered_switches()
    ]
    return render(request, "office/switches.html", {"switches": found, "section": "switches"})


@for_administrators
@require_POST
def switch_turn(request: HttpRequest, name: str) -> HttpResponse:
    """On or off, as the form says: pressing twice changes nothing."""
    switch = next((one for one in registered_switches() if one.name == name), None)
    if switch is None:
        raise Http404
    is_on = request.POST.get("on") == "1"
    reason = clean_text(request.POST.get("reason", ""))[:200]
    city_setting_change(key=switch.key, value=is_on, by=signed_in(request), reason=reason)
    text = _("“%(name)s”已开启。") if is_on else _("“%(name)s”已关闭。")
    messages.success(request, text % {"name": switch.label})
    return redirect("office:switches")
