"""The expert's page behind the link of a letter, and the page on which the letter is sent."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import Organisation, User
from apps.accounts.views.signed_in import signed_in
from apps.capabilities.kinds import labelled_details
from apps.capabilities.models import Capability, CapabilityKind
from apps.core import clock
from apps.followups.limits import is_opened_too_often
from apps.followups.views.privacy import kept_to_oneself
from apps.review.experts import LinkExpired, confirmation_of, read_link
from apps.review.forms.experts import AskForm, ExpertAnswerForm, ListForm, ProofForm
from apps.review.models import ConfirmationState
from apps.review.permissions import can_ask_expert, can_handle, can_use_desk
from apps.review.queues import experts_of
from apps.review.services.experts import ASKABLE, expert_answer, expert_ask, expert_prove
from apps.review.services.proving import experts_prove

GONE, TOO_MANY = 410, 429
LISTED = 100


@csrf_exempt  # the signed token is what counts; without a referrer browsers send no origin that could be compared
@require_http_methods(["GET", "HEAD", "POST"])
@kept_to_oneself
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing: programs that check mails open each link."""
    if is_opened_too_often(request):
        return _ended(request, _("打开得太频繁了，请过一分钟再试。"), TOO_MANY)
    form = ExpertAnswerForm(request.POST or None)
    try:
        confirmation = read_link(token)
        if request.method == "POST" and form.is_valid():
            answer = ConfirmationState(form.cleaned_data["answer"])
            expert_answer(confirmation=confirmation, answer=answer, note=form.cleaned_data["note"])
            return _ended(request, _("已收到您的意见，谢谢。"), 200)
    except LinkExpired as error:
        return _ended(request, str(error.message), GONE)
    except ValidationError as error:
        form.add_error(None, error)
    row = confirmation.capability
    told = {key: value for key, value in row.details.items() if key != "confirmed"}  # that is what is asked now
    details = labelled_details(row.kind, told, with_owner=True)
    return render(request, "review/expert_answer.html", {"row": row, "details": details, "form": form})


@login_required
@require_safe
def manage(request: HttpRequest, public_id: str) -> HttpResponse:
    return _page(request, _expert(signed_in(request), public_id))


@login_required
@require_POST
def ask(request: HttpRequest, public_id: str) -> HttpResponse:
    row = _expert(signed_in(request), public_id)
    form = AskForm(request.POST)
    if not form.is_valid():
        return _page(request, row, ask_form=form)
    try:
        expert_ask(capability=row, by=signed_in(request), email=form.cleaned_data["email"])
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, row, ask_form=form)
    messages.success(request, _("确认邮件已发出，专家答复后会自动处理。"))
    return redirect("review_expert", public_id)


@login_required
@require_POST
def prove(request: HttpRequest, public_id: str) -> HttpResponse:
    row = _expert(signed_in(request), public_id)
    form = ProofForm(request.POST)
    if not form.is_valid():
        return _page(request, row, proof_form=form)
    expert_prove(capability=row, by=signed_in(request), note=form.cleaned_data["note"])
    messages.success(request, _("已记下核实依据。"))
    return redirect("review_expert", public_id)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def prove_list(request: HttpRequest, public_id: str) -> HttpResponse:
    """One proof for the experts of an organisation, shown before they are confirmed."""
    user = signed_in(request)
    can_use_desk(user).require()
    organisation = get_object_or_404(Organisation, public_id=public_id)
    can_handle(user, Capability(organisation=organisation)).require()
    form = ListForm(request.POST or None, initial={"shown_at": clock.now().isoformat()})
    if request.method == "POST" and form.is_valid():
        count = experts_prove(organisation=organisation, by=user, **form.cleaned_data)
        _tell_of_list(request, count, experts_of(organisation, user).count())
        return redirect(f"{reverse('review')}?tab=experts")
    rows = experts_of(organisation, user)
    page = Paginator(rows, LISTED).get_page(request.GET.get("page"))
    return render(request, "review/expert_list.html", {"lister": organisation, "form": form, "page": page})


def _tell_of_list(request: HttpRequest, count: int, left: int) -> None:
    told = _("已确认 %(count)d 位专家。") % {"count": count}
    if left:
        told += _("还有 %(left)d 位不在名单上，或刚刚有变动，仍在等待。") % {"left": left}
    messages.success(request, told) if count else messages.warning(request, told)


def _expert(user: User, public_id: str) -> Capability:
    """For whoever listed them, and reviewers of the region."""
    rows = Capability.objects.filter(kind=CapabilityKind.EXPERT).select_related("organisation")
    row = get_object_or_404(rows, public_id=public_id)
    if not can_ask_expert(user, row):
        raise Http404
    return row


def _page(request: HttpRequest, row: Capability, **forms: object) -> HttpResponse:
    user, confirmation = signed_in(request), confirmation_of(row)
    email = confirmation.email if confirmation else ""
    is_settled = confirmation is not None and confirmation.state == ConfirmationState.CONFIRMED
    context = {
        "row": row,
        "confirmation": confirmation,
        "may_ask": row.state in ASKABLE and not is_settled,
        "may_prove": row.state in ASKABLE and not is_settled and bool(can_handle(user, row)),
        "is_reviewer": bool(can_handle(user, row)),
        "ask_form": AskForm(initial={"email": email}),
        "proof_form": ProofForm(),
    }
    return render(request, "review/expert.html", context | forms)


def _ended(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return render(request, "review/expert_ended.html", {"sentence": sentence}, status=status)
