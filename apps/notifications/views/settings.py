"""The settings page: a person's choices, and the robot of their organisation's group."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import Organisation
from apps.accounts.selectors import organisation_of
from apps.accounts.views.signed_in import signed_in
from apps.notifications.forms import PreferencesForm, RobotForm
from apps.notifications.models import GroupRobot
from apps.notifications.permissions import can_manage_robot
from apps.notifications.selectors import choices_of, frequencies_of_group, last_failure_of, robot_of, terms_of
from apps.notifications.services import preferences_save, robot_remove, robot_save, robot_test

PAGE = "notifications:settings"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def settings(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = _preferences_form(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        preferences_save(user=user, choices=form.chosen(), terms=form.terms())
        messages.success(request, _("通知设置已保存。"))
        return redirect(PAGE)
    return _page(request, form=form)


@login_required
@require_POST
def save_robot(request: HttpRequest) -> HttpResponse:
    user, organisation = signed_in(request), _organisation(request)
    can_manage_robot(user, organisation).require()
    form = _robot_form(request.POST, robot_of(organisation))
    if not form.is_valid():
        return _page(request, robot_form=form)
    try:
        robot_save(organisation=organisation, by=user, fields=form.columns(), frequencies=form.frequencies())
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, robot_form=form)
    messages.success(request, _("群机器人已保存。可以发一条测试消息，看看群里能不能收到。"))
    return redirect(PAGE)


@login_required
@require_POST
def test_robot(request: HttpRequest) -> HttpResponse:
    robot_test(robot=_robot(request), by=signed_in(request))
    messages.success(request, _("测试消息已发出，请到群里查看。"))
    return redirect(PAGE)


@login_required
@require_POST
def remove_robot(request: HttpRequest) -> HttpResponse:
    robot_remove(robot=_robot(request), by=signed_in(request))
    messages.success(request, _("群机器人已移除。"))
    return redirect(PAGE)


def _organisation(request: HttpRequest) -> Organisation:
    organisation = organisation_of(signed_in(request))
    if organisation is None:
        raise Http404
    return organisation


def _robot(request: HttpRequest) -> GroupRobot:
    robot = robot_of(_organisation(request))
    if robot is None:
        raise Http404
    return robot


def _preferences_form(request: HttpRequest, data: Any = None) -> PreferencesForm:
    user = signed_in(request)
    return PreferencesForm(data, choices=choices_of(user), terms=terms_of(user))


def _robot_form(data: Any, robot: GroupRobot | None) -> RobotForm:
    return RobotForm(data, robot=robot, frequencies=frequencies_of_group(robot))


def _page(
    request: HttpRequest, *, form: PreferencesForm | None = None, robot_form: RobotForm | None = None
) -> HttpResponse:
    user = signed_in(request)
    organisation = organisation_of(user)
    robot = robot_of(organisation)
    context: dict[str, Any] = {
        "form": form or _preferences_form(request),
        "headings": (_("站内"), _("邮件")),
        "robot_headings": (_("发到群里"),),
        "robot": robot,
        "may_manage_robot": organisation and can_manage_robot(user, organisation),
    }
    if context["may_manage_robot"]:
        context["robot_form"] = robot_form or _robot_form(None, robot)
        context["failure"] = last_failure_of(robot) if robot else None
    return render(request, "notifications/settings.html", context)
