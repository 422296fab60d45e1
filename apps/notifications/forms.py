"""Forms of the inbox and of the settings page."""

from collections.abc import Iterator
from datetime import time
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from apps.core.forms import StyledFormMixin
from apps.notifications.models import GroupRobot, RobotKind
from apps.notifications.models.preferences import LANGUAGE_CHOICES, ReadingTerms
from apps.notifications.selectors import TopicChoice
from apps.notifications.services.settings import Choice, Terms
from apps.notifications.topics import GROUP_TOPICS, TOPICS, Frequency, Topic


class InboxFilter(StyledFormMixin, forms.Form):
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), ("unread", _("未读"))])
    topic = forms.ChoiceField(label=_("主题"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = [(topic.code, topic.label) for topic in TOPICS]
        self.fields["topic"].choices = [("", _("全部主题")), *topics]  # type: ignore[attr-defined]  # a choice field


class TimeOfDay(forms.TimeField):
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class TopicRow(NamedTuple):
    """A row of the table: the topic, and the form's fields in its columns."""

    topic: Topic
    fields: list[BoundField]


class TermsForm(StyledFormMixin, forms.Form):
    """Language and quiet hours, of a person or of a group."""

    language = forms.ChoiceField(label=_("通知语言"), choices=LANGUAGE_CHOICES)
    quiet_from = TimeOfDay(label=_("免打扰开始"))
    quiet_until = TimeOfDay(label=_("免打扰结束"))

    @staticmethod
    def initial_terms(terms: ReadingTerms) -> dict[str, str | time]:
        return {"language": terms.language, "quiet_from": terms.quiet_from, "quiet_until": terms.quiet_until}


class PreferencesForm(TermsForm):
    """For each topic whether the inbox shows it (`site_…`) and how often letters come (`email_…`)."""

    def __init__(self, data: Any, *, choices: dict[str, TopicChoice], terms: ReadingTerms) -> None:
        self.choices = choices
        initial: dict[str, Any] = self.initial_terms(terms)
        for code, choice in choices.items():
            initial |= {f"site_{code}": choice.is_in_inbox, f"email_{code}": choice.email}
        super().__init__(data, initial=initial)
        for code, choice in choices.items():
            name = choice.topic.label
            self.fields[f"site_{code}"] = forms.BooleanField(label=_("%s：站内显示") % name, required=False)
            self.fields[f"email_{code}"] = forms.ChoiceField(label=_("%s：邮件") % name, choices=Frequency.choices)

    def rows(self) -> Iterator[TopicRow]:
        for code, choice in self.choices.items():
            yield TopicRow(choice.topic, [self[f"site_{code}"], self[f"email_{code}"]])

    def chosen(self) -> dict[str, Choice]:
        given = self.cleaned_data
        return {code: Choice(given[f"site_{code}"], given[f"email_{code}"]) for code in self.choices}

    def terms(self) -> Terms:
        return Terms(*(self.cleaned_data[name] for name in Terms._fields))


class RobotForm(TermsForm):
    """The group of an organisation. The address and the secret that are stored are never shown again."""

    kind = forms.ChoiceField(label=_("群聊工具"), choices=RobotKind.choices, widget=forms.RadioSelect)
    url = forms.CharField(label=_("Webhook 地址"), max_length=500, strip=True)
    secret = forms.CharField(
        label=_("加签密钥"),
        max_length=200,
        required=False,
        help_text=_("仅钉钉需要：安全设置选“加签”时显示的 SEC 开头的密钥。"),
    )

    def __init__(self, data: Any, *, robot: GroupRobot | None, frequencies: dict[str, str]) -> None:
        terms: ReadingTerms = robot or GroupRobot()
        initial: dict[str, Any] = self.initial_terms(terms) | {"kind": robot.kind if robot else RobotKind.WECOM}
        initial |= {f"group_{code}": frequency for code, frequency in frequencies.items()}
        super().__init__(data, initial=initial, prefix="robot")
        for name in ("url", "secret"):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
        if robot is not None:
            self.fields["url"].required = False
            self.fields["url"].help_text = _("现在发往 %(url)s。不填则保持不变。") % {"url": robot.masked_url}
            if robot.secret:
                self.fields["secret"].help_text = _("已保存密钥。不填则保持不变。")
        else:
            self.fields["url"].help_text = _("在群设置里添加机器人后复制。知道地址的人都能往群里发消息，请不要外传。")
        for topic in GROUP_TOPICS:
            label = _("%s：群机器人") % topic.label
            self.fields[f"group_{topic.code}"] = forms.ChoiceField(label=label, choices=Frequency.choices)

    def rows(self) -> Iterator[TopicRow]:
        for topic in GROUP_TOPICS:
            yield TopicRow(topic, [self[f"group_{topic.code}"]])

    def plain_fields(self) -> list[BoundField]:
        """What says where the group is."""
        return [self[name] for name in ("kind", "url", "secret")]

    def columns(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if not name.startswith("group_")}

    def frequencies(self) -> dict[str, str]:
        return {topic.code: self.cleaned_data[f"group_{topic.code}"] for topic in GROUP_TOPICS}
