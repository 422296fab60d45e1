"""The form of an announcement."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.administration.models import Announcement
from apps.core import clock
from apps.core.forms import StyledFormMixin
from apps.taxonomy.form_fields import TermField
from apps.taxonomy.models import Vocabulary


class MomentInput(forms.DateTimeInput):
    """The browser's own calendar and clock."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class AnnouncementForm(StyledFormMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    district = TermField(
        Vocabulary.DISTRICT, label=_("只给这个区市"), empty_label=_("全市"), help_text=_("选择后，访客看不到这条公告。")
    )

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Announcement
        fields = ("text", "text_en", "level", "audience", "district", "starts_at", "ends_at")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "text_en": forms.Textarea(attrs={"rows": 2}),
            "level": forms.RadioSelect,
            "audience": forms.RadioSelect,
            "starts_at": MomentInput,
            "ends_at": MomentInput,
        }
        help_texts = {
            "text": _("显示在每个页面的顶部，请写成一两句话。"),
            "text_en": _("选填。使用英文界面的人会看到这一段。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("starts_at", clock.now())
        if self.instance.pk:
            self.initial["seen"] = self.instance.revision
        else:
            self.initial["ends_at"] = clock.now() + timedelta(days=7)
        for name in ("starts_at", "ends_at"):
            field: Any = self.fields[name]
            field.input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
