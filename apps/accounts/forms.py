"""Forms of people and organisations."""

import unicodedata
from typing import Any

from django import forms
from django.contrib.auth import forms as auth_forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, OrganisationKind, User
from apps.accounts.selectors import registered_as
from apps.core.forms import StyledFormMixin
from apps.core.validators import clean_text, validate_text

validate_phone = RegexValidator(
    r"^\+?[0-9][0-9 -]{5,18}$", _("请填写手机号或座机号，例如 13900000000 或 0532-88880000。")
)
# Government departments are set up by the platform's staff.
SIGN_UP_KINDS = [(kind.value, kind.label) for kind in OrganisationKind if kind != OrganisationKind.GOVERNMENT]


class SignInForm(StyledFormMixin, auth_forms.AuthenticationForm):
    error_messages = {
        "invalid_login": _("邮箱或密码不正确，请核对后再试。"),
        "inactive": _("邮箱或密码不正确，请核对后再试。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget = forms.EmailInput(
            attrs={"autocomplete": "username", "autofocus": True, "maxlength": 254}
        )

    def clean_username(self) -> str:
        """In lower case: failed tries are counted per address, however it is typed."""
        return str(self.cleaned_data["username"]).strip().lower()


class PersonForm(StyledFormMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    class Meta:
        model = User
        fields = ("name", "phone")
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        }
        help_texts = {"phone": _("仅在双方都接受对接后，对方才能看到。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        phone = self.fields["phone"]
        phone.required = True
        phone.validators.append(validate_phone)


class InvitedPersonForm(PersonForm):
    """Signing up with an invitation: the address is the one it was sent to."""

    password = forms.CharField(
        label=_("密码"),
        strip=False,
        help_text=_("至少 8 位，建议字母与数字混用。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        person = User(name=self.cleaned_data.get("name", ""), email=self.cleaned_data.get("email", ""))
        validate_password(password, person)
        return password


class SignUpForm(InvitedPersonForm):
    field_order = ("email", "name", "phone", "password")

    class Meta:
        model = User
        fields = ("email", "name", "phone")
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "email"}), **PersonForm.Meta.widgets}
        help_texts = {"email": _("用于登录和接收通知，请使用常用的工作邮箱。"), **PersonForm.Meta.help_texts}

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class CreditCodeField(forms.CharField):
    """Takes the code as people copy it: with spaces, in small or full-width letters."""

    def to_python(self, value: Any) -> str:
        return "".join(unicodedata.normalize("NFKC", str(value or "")).split()).upper()

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No `maxlength`: browsers would cut a code that is pasted with its spaces."""
        return {}


class IdentityForm(StyledFormMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """What is verified: kind, name and code."""

    class Meta:
        model = Organisation
        fields = ("kind", "name", "credit_code", "district")
        field_classes = {"credit_code": CreditCodeField}
        widgets = {
            "kind": forms.RadioSelect,
            "name": forms.TextInput(attrs={"autocomplete": "organization"}),
            "credit_code": forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
        }
        help_texts = {
            "name": _("请填写营业执照或法人证书上的全称。"),
            "credit_code": _("18 位，见营业执照或事业单位法人证书。仅用于核验，不对外公开。"),
        }
        error_messages = {"name": {"unique": _("该机构已登记。如果是贵单位，可以申请加入。")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        kind.choices = SIGN_UP_KINDS  # type: ignore[attr-defined]  # a model field with choices makes a choice field
        self.fields["credit_code"].required = True
        _offer_active_terms(self, "district")


class IdentityChangeForm(IdentityForm):
    """Of one that is registered, whose district stands with its description. `seen` is the revision on the screen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    class Meta(IdentityForm.Meta):
        fields = ("kind", "name", "credit_code")  # type: ignore[assignment]  # one fewer than its parent's


def registered_in(form: IdentityForm) -> Organisation | None:
    """The organisation that was typed, where it is registered already: its people may ask to be let in."""
    code, name = (clean_text(str(form[field].value() or "")) for field in ("credit_code", "name"))
    return registered_as(credit_code=CreditCodeField().to_python(code), name=name.strip())


class TiersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic for the checker only
    def clean(self, value: Any) -> Any:
        """A number beyond what a database can look up is as little on offer as any other."""
        try:
            return super().clean(value)
        except OverflowError:
            raise forms.ValidationError(self.error_messages["invalid_choice"], params={"value": "…"}) from None


class DescriptionForm(StyledFormMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """What it says of itself, and may change at any time. `seen` is the revision that was on the screen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    class Meta:
        model = Organisation
        fields = ("short_name", "district", "tiers", "description")
        field_classes = {"tiers": TiersField}
        widgets = {"tiers": forms.CheckboxSelectMultiple, "description": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"description": _("主营产品或研究方向、规模与特长。会显示在机构主页上。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind != OrganisationKind.ENTERPRISE:
            del self.fields["tiers"]
        _offer_active_terms(self, "district", "tiers")


def _offer_active_terms(form: "forms.ModelForm[Organisation]", *names: str) -> None:
    for name in names:
        field = form.fields.get(name)
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = field.queryset.filter(is_active=True) if field.queryset is not None else None
        if isinstance(field, forms.ModelChoiceField) and not isinstance(field, forms.ModelMultipleChoiceField):
            field.empty_label = str(_("请选择"))


class JoinForm(StyledFormMixin, forms.Form):
    """Which organisation somebody asks to join: named in full, so that nobody leafs through them."""

    which = forms.CharField(
        label=_("统一社会信用代码或机构全称"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("请填写贵单位的统一社会信用代码或全称。")},
    )
    note = forms.CharField(
        label=_("自我介绍"),
        required=False,
        max_length=200,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("选填。写上部门和职务，方便负责人认出您。"),
    )

    def clean_which(self) -> Organisation:
        typed = str(self.cleaned_data["which"])
        found = registered_as(credit_code=CreditCodeField().to_python(typed), name=typed.strip())
        if found is None:
            raise forms.ValidationError(_("没有找到这家机构。请核对是否与营业执照一致。"))
        return found


class InviteForm(StyledFormMixin, forms.Form):
    email = forms.EmailField(label=_("同事的邮箱"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))


class PasswordChangeForm(StyledFormMixin, auth_forms.PasswordChangeForm):
    pass


class PasswordResetForm(StyledFormMixin, auth_forms.PasswordResetForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("邮箱")  # as every other form calls it


class SetPasswordForm(StyledFormMixin, auth_forms.SetPasswordForm):  # type: ignore[type-arg]  # generic for the checker only
    pass
