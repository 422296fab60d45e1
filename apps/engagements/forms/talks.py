"""Forms of messages and meetings."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import StyledFormMixin
from apps.core.validators import validate_moment
from apps.engagements.models import LONGEST_MESSAGE, Asked, Meeting
from apps.needs.file_kinds import ACCEPTED_SUFFIXES, Upload

MOMENT = "%Y-%m-%dT%H:%M"


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Any number of uploads; the service says how many."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        return [super(SeveralFilesField, self).clean(one, initial) for one in data or []]


class MomentInput(forms.DateTimeInput):
    """The browser's own calendar and clock."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=MOMENT)


class MomentField(forms.DateTimeField):
    widget = MomentInput

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=[MOMENT], validators=[validate_moment], **options)


class MessageForm(StyledFormMixin, forms.Form):
    text = forms.CharField(
        label=_("写消息"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_MESSAGE}),
        max_length=LONGEST_MESSAGE,
    )
    asked = forms.ChoiceField(label=_("请谁回复"), choices=Asked.choices, required=False, initial=Asked.BOTH)
    upload = SeveralFilesField(
        label=_("附件"),
        required=False,
        widget=SeveralFilesInput(attrs={"accept": ACCEPTED_SUFFIXES}),
        help_text=_("最多 5 个，支持 pdf、docx、xlsx、jpg、png，每个不超过 20 MB。"),
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)

    def __init__(self, *args: Any, is_broker: bool, **options: Any) -> None:
        """Only a broker chooses whom to ask: a side always asks the other."""
        super().__init__(*args, **options)
        if not is_broker:
            del self.fields["asked"]


class MeetingForm(StyledFormMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    starts_at = MomentField(label=_("开始时间"))
    ends_at = MomentField(label=_("结束时间"))

    class Meta:
        model = Meeting
        fields = ("title", "starts_at", "ends_at", "place", "agenda")
        widgets = {"agenda": forms.Textarea(attrs={"rows": 3, "maxlength": 1000})}


class MeetingChangesForm(MeetingForm):
    """`seen` is the revision that was on the screen."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
