"""Forms of the vocabularies."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.forms import StyledFormMixin
from apps.core.validators import validate_text
from apps.taxonomy.models import Term, Vocabulary
from apps.taxonomy.selectors import ENGINE_VOCABULARIES

Choices = tuple[str, ...]


class NamedTermField(forms.CharField):
    """A term by its code, name or alias, within some vocabularies."""

    def __init__(self, vocabularies: Choices, **options: Any) -> None:
        self.vocabularies = vocabularies
        super().__init__(max_length=60, validators=[validate_text], **options)

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        if not said:
            return None
        offered = Term.objects.filter(vocabulary__in=self.vocabularies, is_active=True)
        named = offered.filter(Q(code=said) | Q(name=said) | Q(aliases__text=said)).distinct()
        found = sorted(named, key=lambda term: (term.code != said, term.name != said))
        if not found:
            raise ValidationError(_("没有找到启用中的词条“%(value)s”，请填写完整的名称或代码。") % {"value": said})
        return found[0]


def _around(vocabulary: str) -> Choices:
    """Where the parent of a term may stand: chains, fields and tags share one tree."""
    return tuple(map(str, ENGINE_VOCABULARIES)) if vocabulary in ENGINE_VOCABULARIES else (vocabulary,)


class TermForm(StyledFormMixin, forms.Form):
    """What a term says; the code is given once, when it is made."""

    code = forms.SlugField(
        label=_("代码"), max_length=60, help_text=_("小写英文、数字和下划线，保存后不能修改。供接口和导入使用。")
    )
    name = forms.CharField(label=_("名称"), max_length=60, validators=[validate_text])
    name_en = forms.CharField(label=_("英文名称"), max_length=80, required=False, validators=[validate_text])
    description = forms.CharField(label=_("说明"), max_length=300, required=False, validators=[validate_text])
    position = forms.IntegerField(label=_("次序"), min_value=0, max_value=99_999, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, vocabulary: Vocabulary | str, term: Term | None = None, **kwargs: Any) -> None:
        if term is not None:
            names = ("name", "name_en", "description", "position")
            kwargs["initial"] = {name: getattr(term, name) for name in names} | {
                "parent": term.parent.code if term.parent else "",
                "seen": term.revision,
            }
        super().__init__(*args, **kwargs)
        self.fields["parent"] = NamedTermField(
            _around(str(vocabulary)), label=_("上级"), required=False, help_text=_("上级词条的名称或代码，留空为顶层。")
        )
        self.order_fields(("code", "name", "name_en", "parent", "description", "position"))
        del self.fields["seen" if term is None else "code"]

    def clean_position(self) -> int:
        return int(self.cleaned_data["position"] or 0)


class AliasForm(StyledFormMixin, forms.Form):
    text = forms.CharField(label=_("新别名"), max_length=60, validators=[validate_text])


class MergeTargetForm(StyledFormMixin, forms.Form):
    def __init__(self, *args: Any, vocabulary: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"] = NamedTermField((vocabulary,), label=_("并入哪个词条（名称或代码）"))
