"""Messages and meetings of a case: for the two sides and their broker only."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.errors import StateConflict
from apps.core.forms import renew
from apps.engagements import services
from apps.engagements.desk.settling import message_settle as settle
from apps.engagements.forms import MeetingChangesForm, MeetingForm, MessageForm
from apps.engagements.invitations import invitation
from apps.engagements.models import Engagement, Meeting, MessageFile
from apps.engagements.models.talks import of_party
from apps.engagements.overtaken import overtaken
from apps.engagements.permissions import can_read_talk, can_talk, engagement_side
from apps.engagements.talk_page import talk_page_of
from apps.engagements.views.downloads import download
from apps.engagements.views.shared import SignedInRequest, engagement_or_404
from apps.matching.models import Side


@login_required
@require_safe
def talk(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _page(request, engagement_or_404(request, public_id))


@login_required
@require_POST
def message_send(request: SignedInRequest, public_id: str) -> HttpResponse:
    engagement = engagement_or_404(request, public_id)
    is_broker = engagement_side(request.user, engagement) is None
    form = MessageForm(request.POST, request.FILES, auto_id="id_message_%s", is_broker=is_broker)
    if form.is_valid():
        fields = form.cleaned_data
        fields["uploads"] = fields.pop("upload")
        try:
            services.message_send(engagement=engagement, by=request.user, **fields)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("engagements:talk", public_id)
    return _page(request, engagement, message=form)


@login_required
@require_safe
def message_file(request: SignedInRequest, public_id: str) -> FileResponse:
    rows = MessageFile.objects.filter(of_party(request.user, "message__engagement__"))
    row = get_object_or_404(rows, public_id=public_id)
    return download(row.file, row.name, of=row, by=request.user)


@login_required
@require_POST
def message_settle(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Read, and nothing to answer."""
    settle(engagement=engagement_or_404(request, public_id), by=request.user)
    return redirect("engagements:talk", public_id)


@login_required
@require_POST
def meeting_plan(request: SignedInRequest, public_id: str) -> HttpResponse:
    engagement = engagement_or_404(request, public_id)
    form = MeetingForm(request.POST, auto_id="id_meeting_%s")
    if form.is_valid():
        try:
            services.meeting_plan(engagement=engagement, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("会议已安排，双方都可以下载日历邀请。"))
            return redirect("engagements:talk", public_id)
    return _page(request, engagement, meeting=form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_change(request: SignedInRequest, public_id: str) -> HttpResponse:
    row = _meeting(request, public_id)
    can_talk(request.user, row.engagement).require()
    form = MeetingChangesForm(request.POST or None, instance=row, initial={"seen": row.revision})
    context: dict[str, object] = {"form": form, "engagement": row.engagement}
    if request.method == "POST" and form.is_valid():
        try:
            services.meeting_change(meeting=row, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except StateConflict:
            stored = _meeting(request, public_id)
            if stored.cancelled_at is not None:  # nothing to save on top of
                raise
            renew(form, "seen", stored.revision)
            values = {name: form.cleaned_data[name] for name in form.Meta.fields}
            context["overtaken"] = overtaken(stored, values)
        else:
            messages.success(request, _("会议已更新，请重新下载日历邀请。"))
            return redirect("engagements:talk", row.engagement.public_id)
    return render(request, "engagements/meeting_form.html", context)


@login_required
@require_POST
def meeting_cancel(request: SignedInRequest, public_id: str) -> HttpResponse:
    row = services.meeting_cancel(meeting=_meeting(request, public_id), by=request.user)
    messages.success(request, _("会议已取消。"))
    return redirect("engagements:talk", row.engagement.public_id)


@login_required
@require_safe
def meeting_invitation(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The `.ics` of the person's own side."""
    row = _meeting(request, public_id)
    address = request.build_absolute_uri(reverse("engagements:talk", args=[row.engagement.public_id]))
    content = invitation(row, with_whom=_with_whom(request, row.engagement), address=address)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="meeting-{row.public_id}.ics"'
    response["Cache-Control"] = "private, no-store"
    return response


def _with_whom(request: SignedInRequest, engagement: Engagement) -> str:
    proposal = engagement.proposal
    need, capability = proposal.need.organisation.name, proposal.capability.organisation.name
    names = {Side.NEED: capability, Side.CAPABILITY: need}
    side = engagement_side(request.user, engagement)
    return names[side] if side else _("%(need)s与%(capability)s") % {"need": need, "capability": capability}


def _meeting(request: SignedInRequest, public_id: str) -> Meeting:
    pair = [f"engagement__proposal__{row}__organisation" for row in ("need", "capability")]
    rows = Meeting.objects.visible_to(request.user).select_related(*pair)
    return get_object_or_404(rows, public_id=public_id)


def _page(request: SignedInRequest, engagement: Engagement, **forms: object) -> HttpResponse:
    can_read_talk(request.user, engagement).require()
    return render(request, "engagements/talk.html", talk_page_of(engagement, request.user, **forms))
