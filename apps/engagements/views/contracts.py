"""The contract of a case: its page, its terms and its files."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.errors import StateConflict
from apps.engagements import services
from apps.engagements.contract_page import contract_page_of
from apps.engagements.forms import AmendmentForm, ContractFileForm, ContractForm
from apps.engagements.models import Contract, Engagement
from apps.engagements.overtaken import overtaken
from apps.engagements.permissions import can_keep_contract, can_work
from apps.engagements.selectors import contract_files_of, contracts_of
from apps.engagements.views.downloads import download
from apps.engagements.views.shared import SignedInRequest, engagement_or_404

NOT_YET = "not-yet"  # what the form saw where there was no contract: one recorded meanwhile is not written over


@login_required
@require_safe
def contract(request: SignedInRequest, public_id: str) -> HttpResponse:
    return contract_page(request, engagement_or_404(request, public_id))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contract_edit(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Record it, or correct the one that is there."""
    engagement = engagement_or_404(request, public_id)
    row = contracts_of(request.user).filter(engagement=engagement).first()
    (can_keep_contract if row else can_work)(request.user, engagement).require()
    initial, seen = {} if row else _parties(engagement), _seen(request, row)
    form = ContractForm(request.POST or None, instance=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if row:
                services.contract_correct(contract=row, by=request.user, seen=seen, **form.columns())
            else:
                services.contract_record(engagement=engagement, by=request.user, **form.columns())
        except ValidationError as error:
            form.add_error(None, error)
        except StateConflict:
            return _overtaken_page(request, engagement, form)
        else:
            messages.success(request, _("合同信息已保存。"))
            return redirect("engagements:contract", engagement.public_id)
    return _terms_page(request, engagement, form, seen, is_new=row is None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contract_amend(request: SignedInRequest, public_id: str) -> HttpResponse:
    engagement = engagement_or_404(request, public_id)
    row = get_object_or_404(contracts_of(request.user), engagement=engagement)
    can_keep_contract(request.user, engagement).require()
    form, seen = AmendmentForm(request.POST or None, instance=row), _seen(request, row)
    if request.method == "POST" and form.is_valid():
        try:
            services.contract_amend(
                contract=row,
                by=request.user,
                reason=form.cleaned_data["reason"],
                seen=seen,
                **form.columns(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        except StateConflict:
            return _overtaken_page(request, engagement, form)
        else:
            messages.success(request, _("合同变更已登记，变更前的内容仍可查看。"))
            return redirect("engagements:contract", engagement.public_id)
    return _terms_page(request, engagement, form, seen)


@login_required
@require_POST
def file_add(request: SignedInRequest, public_id: str) -> HttpResponse:
    engagement = engagement_or_404(request, public_id)
    row = get_object_or_404(contracts_of(request.user), engagement=engagement)
    form = ContractFileForm(request.POST, request.FILES, auto_id="id_file_%s")
    if form.is_valid():
        try:
            services.contract_file_add(contract=row, by=request.user, upload=form.cleaned_data["upload"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("engagements:contract", engagement.public_id)
    return contract_page(request, engagement, file=form)


@login_required
@require_safe
def file(request: SignedInRequest, public_id: str) -> FileResponse:
    row = get_object_or_404(contract_files_of(request.user), public_id=public_id)
    return download(row.file, row.name, of=row, by=request.user)


@login_required
@require_POST
def file_remove(request: SignedInRequest, public_id: str) -> HttpResponse:
    row = get_object_or_404(contract_files_of(request.user), public_id=public_id)
    services.contract_file_remove(file=row, by=request.user)
    messages.success(request, _("附件已删除。"))
    return redirect("engagements:contract", row.contract.engagement.public_id)


def contract_page(request: SignedInRequest, engagement: Engagement, **forms: object) -> HttpResponse:
    """`forms`: those that came back with errors."""
    return render(request, "engagements/contract.html", contract_page_of(engagement, request.user, **forms))


def _seen(request: SignedInRequest, row: Contract | None) -> str:
    """The revision whose terms the form began with: a page that is just opened shows the row as it is."""
    present = row.revision if row else NOT_YET
    return request.GET.get("seen", present) if request.method == "POST" else present


def _overtaken_page(request: SignedInRequest, engagement: Engagement, form: ContractForm) -> HttpResponse:
    """The form with all that was typed, on top of what the other side saved meanwhile: saving again is a decision."""
    stored = get_object_or_404(contracts_of(request.user), engagement=engagement)
    return _terms_page(request, engagement, form, stored.revision, overtaken=overtaken(stored, form.columns()))


def _terms_page(
    request: SignedInRequest, engagement: Engagement, form: ContractForm, seen: str, **context: object
) -> HttpResponse:
    context |= {"form": form, "engagement": engagement, "seen": seen, "is_amendment": isinstance(form, AmendmentForm)}
    return render(request, "engagements/contract_form.html", context)


def _parties(engagement: Engagement) -> dict[str, str]:
    """Most contracts are between the two organisations themselves."""
    proposal = engagement.proposal
    return {
        "title": proposal.need.title,
        "client_name": proposal.need.organisation.name,
        "provider_name": proposal.capability.organisation.name,
    }
