"""Answering a questionnaire: by the link of a letter without a sign-in, or in the site; and a case's page of them."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import User
from apps.accounts.views.signed_in import signed_in
from apps.core.errors import DomainError, NotAllowed
from apps.core.forms import renew
from apps.engagements.models import Engagement
from apps.engagements.permissions import can_read_talk
from apps.engagements.selectors import engagements_for_page
from apps.followups.forms import AnswerForm
from apps.followups.limits import is_opened_too_often
from apps.followups.links import LinkClosed, LinkExpired, read_link
from apps.followups.models import Questionnaire
from apps.followups.permissions import can_answer
from apps.followups.presentation import answer_facts, case_page_of
from apps.followups.selectors import questionnaires_of
from apps.followups.services import questionnaire_answer
from apps.followups.services.answering import AnsweredAlready
from apps.followups.views.privacy import kept_to_oneself

GONE, TOO_MANY = 410, 429


@csrf_exempt  # the signed token is what counts; without a referrer browsers send no origin that could be compared
@require_http_methods(["GET", "HEAD", "POST"])
@kept_to_oneself
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing: programs that check mails open each link."""
    template = "followups/link_ended.html"
    if is_opened_too_often(request):
        return render(request, template, {"sentence": _("打开得太频繁了，请过一分钟再试。")}, status=TOO_MANY)
    try:
        questionnaire, user = read_link(token)
    except (LinkExpired, LinkClosed) as error:
        is_closed = isinstance(error, LinkClosed)
        return render(request, template, {"sentence": error.message, "is_closed": is_closed}, status=GONE)
    return _answer_page(request, questionnaire, user, by_link=True)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire(request: HttpRequest, public_id: str) -> HttpResponse:
    """For the side that is asked; the case's broker and the platform's staff read what was answered."""
    user = signed_in(request)
    row = get_object_or_404(questionnaires_of(user), public_id=public_id)
    if request.method == "POST":
        can_answer(user, row).require()
    if can_answer(user, row):
        return _answer_page(request, row, user, by_link=False)
    return render(request, "followups/questionnaire.html", _shown(row, by_link=False))


@login_required
@require_safe
def case(request: HttpRequest, public_id: str) -> HttpResponse:
    user = signed_in(request)
    engagement: Engagement = get_object_or_404(engagements_for_page(user), public_id=public_id)
    context = case_page_of(engagement, user) | {"may_read_talk": can_read_talk(user, engagement).allowed}
    return render(request, "followups/case.html", context)


def _answer_page(request: HttpRequest, row: Questionnaire, user: User, *, by_link: bool) -> HttpResponse:
    """The form, or thanks with the way back to it; `?edit` brings the form of an answer that is there.

    Who was slower than a colleague has the form before them again, as they filled it in, beside the answer that stands.
    """
    sent = request.POST if request.method == "POST" else None
    form, standing = AnswerForm(sent, instance=getattr(row, "answer", None), side=row.side), []
    if request.method == "POST" and form.is_valid():
        fields = form.columns() | {"seen": form.cleaned_data["seen"], "by_link": by_link}
        try:
            questionnaire_answer(questionnaire=row, by=user, **fields)
        except ValidationError as error:
            form.add_error(None, error)
        except AnsweredAlready:
            row = Questionnaire.objects.select_related("answer", "engagement__proposal__need").get(pk=row.pk)
            renew(form, "seen", row.answer.revision)
            standing = answer_facts(row.answer)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            return redirect(request.path)
    if row.is_answered and request.method != "POST" and "edit" not in request.GET:
        return render(request, "followups/questionnaire.html", _shown(row, by_link=by_link) | {"may_edit": True})
    context = _frame(row, by_link=by_link) | {"form": form, "standing": standing}
    return render(request, "followups/answer_form.html", context)


def _frame(row: Questionnaire, *, by_link: bool) -> dict[str, object]:
    """What both pages say of the case: the need's title, and no name."""
    return {"row": row, "need_title": row.engagement.proposal.need.title, "by_link": by_link}


def _shown(row: Questionnaire, *, by_link: bool) -> dict[str, object]:
    facts = answer_facts(row.answer) if row.is_answered else []
    return _frame(row, by_link=by_link) | {"facts": facts}
