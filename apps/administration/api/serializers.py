"""Shapes of the office's bodies and answers."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from apps.accounts.models import PlatformRole, User
from apps.administration.forms.people import LONGEST_REASON
from apps.administration.models import Announcement, ErasureRequest, RetentionRun
from apps.administration.services.people import state_of
from apps.core.api.terms import TermField, TermSerializer, TermsField
from apps.core.city_settings import seen_value
from apps.core.validators import validate_text
from apps.taxonomy.models import Alias, Term, Vocabulary

ROLES = [role.value for role in PlatformRole if role != PlatformRole.NONE]
SEEN = _("读取时的 seen；期间若被他人修改则返回 409。")


class OfficePersonSerializer(serializers.ModelSerializer[User]):
    organisation = serializers.CharField(
        source="membership.organisation.name", default=None, allow_null=True, read_only=True
    )
    districts = TermSerializer(many=True, read_only=True)
    seen = serializers.SerializerMethodField(help_text=SEEN)

    class Meta:
        model = User
        fields = (
            "id",
            "name",
            "email",
            "phone",
            "organisation",
            "platform_role",
            "covers_city",
            "districts",
            "is_active",
            "is_erased",
            "created_at",
            "last_login",
            "seen",
        )

    def get_seen(self, row: User) -> str:
        return state_of(row)


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=LONGEST_REASON, validators=[validate_text])


class DutySerializer(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=["", *ROLES])
    covers_city = serializers.BooleanField(default=False)
    districts = TermsField(Vocabulary.DISTRICT, default=list)
    reason = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True, default="", validators=[validate_text])
    seen = serializers.CharField(max_length=400, help_text=SEEN)


class InvitationSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=ROLES)
    covers_city = serializers.BooleanField(default=False)
    districts = TermsField(Vocabulary.DISTRICT, default=list)


class TrailLineSerializer(serializers.Serializer[Any]):
    """An entry of the trail, as the page shows it."""

    at = serializers.DateTimeField()
    who = serializers.CharField()
    did = serializers.CharField()
    action = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    details = serializers.SerializerMethodField()
    address = serializers.CharField()
    request_id = serializers.CharField()

    def get_details(self, line: Any) -> dict[str, str]:
        return dict(line.details)


@extend_schema_serializer(many=False)
class TrailPageSerializer(serializers.Serializer[Any]):
    """`older` is the `after` of the next page; empty on the last."""

    results = TrailLineSerializer(many=True)
    older = serializers.CharField()


class SettingSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(source="setting.key")
    group = serializers.CharField(source="setting.group")
    label = serializers.CharField(source="setting.label")  # type: ignore[assignment]  # DRF's own name for what a field is called
    help_text = serializers.CharField(source="setting.help_text")  # type: ignore[assignment]  # as above
    value = serializers.JSONField()
    default = serializers.JSONField(source="setting.default")
    changed_at = serializers.DateTimeField(source="row.changed_at", default=None, allow_null=True)
    changed_by = serializers.CharField(source="row.changed_by", default=None, allow_null=True)
    seen = serializers.SerializerMethodField(help_text=SEEN)

    def get_seen(self, told: dict[str, Any]) -> str:
        return seen_value(told["value"])


class SettingInFullSerializer(SettingSerializer):
    history = TrailLineSerializer(many=True)


@extend_schema_field(OpenApiTypes.ANY)
class AnyValueField(serializers.JSONField):
    """Checked by the setting's own field."""


class SettingChangeSerializer(serializers.Serializer[Any]):
    value = AnyValueField(allow_null=True, help_text=_("null 表示恢复默认值"))
    reason = serializers.CharField(max_length=200, allow_blank=True, default="", validators=[validate_text])
    seen = serializers.CharField(max_length=20_000, required=False, help_text=SEEN)


class SwitchSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(source="switch.name")
    label = serializers.CharField(source="switch.label")  # type: ignore[assignment]  # as above
    help_text = serializers.CharField(source="switch.help_text")  # type: ignore[assignment]  # as above
    is_on = serializers.BooleanField()


class TurnSerializer(serializers.Serializer[Any]):
    is_on = serializers.BooleanField()
    reason = serializers.CharField(max_length=200, allow_blank=True, default="", validators=[validate_text])


class AnnouncementSerializer(serializers.ModelSerializer[Announcement]):
    id = serializers.CharField(source="public_id", read_only=True)
    district = TermSerializer(read_only=True, allow_null=True)
    written_by = serializers.CharField(default=None, allow_null=True, read_only=True)
    seen = serializers.CharField(source="revision", read_only=True, help_text=SEEN)

    class Meta:
        model = Announcement
        fields = (
            "id",
            "text",
            "text_en",
            "level",
            "audience",
            "district",
            "starts_at",
            "ends_at",
            "written_by",
            "seen",
        )


class AnnouncementFieldsSerializer(serializers.ModelSerializer[Announcement]):
    """What is written."""

    district = TermField(Vocabulary.DISTRICT, required=False)

    class Meta:
        model = Announcement
        fields: tuple[str, ...] = ("text", "text_en", "level", "audience", "district", "starts_at", "ends_at")


class AnnouncementChangesSerializer(AnnouncementFieldsSerializer):
    """Any of them, and what was read."""

    seen = serializers.CharField(max_length=40, write_only=True, help_text=SEEN)

    class Meta(AnnouncementFieldsSerializer.Meta):
        fields = (*AnnouncementFieldsSerializer.Meta.fields, "seen")
        extra_kwargs = {"text": {"required": False}, "ends_at": {"required": False}}


class AnnouncementEndSerializer(serializers.Serializer[Any]):
    """What was read."""

    seen = serializers.CharField(max_length=40, required=False, help_text=SEEN)


class AliasSerializer(serializers.ModelSerializer[Alias]):
    class Meta:
        model = Alias
        fields = ("id", "text")


class OfficeTermSerializer(serializers.ModelSerializer[Term]):
    """A term with what only the office shows: retired ones, and those that were merged."""

    parent_code = serializers.CharField(source="parent.code", default=None, allow_null=True, read_only=True)
    merged_into = serializers.CharField(source="merged_into.code", default=None, allow_null=True, read_only=True)
    aliases = AliasSerializer(many=True, read_only=True)
    seen = serializers.CharField(source="revision", read_only=True, help_text=SEEN)

    class Meta:
        model = Term
        fields = (
            "id",
            "vocabulary",
            "code",
            "name",
            "name_en",
            "parent_code",
            "description",
            "position",
            "is_active",
            "merged_into",
            "aliases",
            "seen",
        )


class TermFieldsSerializer(serializers.Serializer[Any]):
    """Of a change any of them; `parent` is a name or a code. `vocabulary` and `code` are given once."""

    name = serializers.CharField(max_length=60, required=False)
    name_en = serializers.CharField(max_length=80, allow_blank=True, required=False)
    parent = serializers.CharField(max_length=60, allow_blank=True, required=False)  # type: ignore[assignment]  # a name DRF has too
    description = serializers.CharField(max_length=300, allow_blank=True, required=False)
    position = serializers.IntegerField(min_value=0, max_value=99_999, required=False)
    is_active = serializers.BooleanField(required=False)
    seen = serializers.CharField(max_length=40, help_text=SEEN)


class NewTermSerializer(serializers.Serializer[Any]):
    vocabulary = serializers.ChoiceField(choices=Vocabulary.choices)
    code = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=60)
    name_en = serializers.CharField(max_length=80, allow_blank=True, default="")
    parent = serializers.CharField(max_length=60, allow_blank=True, default="")  # type: ignore[assignment]  # as above
    description = serializers.CharField(max_length=300, allow_blank=True, default="")
    position = serializers.IntegerField(min_value=0, max_value=99_999, default=0)


class NewAliasSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=60, validators=[validate_text])


class MergeSerializer(serializers.Serializer[Any]):
    into = serializers.CharField(max_length=60, help_text=_("并入的词条，名称或代码"))
    typed = serializers.CharField(max_length=60, help_text=_("要合并的词条的名称，以示确认；合并不能撤销"))


class MergedSerializer(serializers.Serializer[Any]):
    rows = serializers.DictField(child=serializers.IntegerField())


class RetentionSerializer(serializers.ModelSerializer[RetentionRun]):
    class Meta:
        model = RetentionRun
        fields = ("rule", "ran_at", "deleted", "deleted_in_all", "is_complete")


class ErasureSerializer(serializers.ModelSerializer[ErasureRequest]):
    id = serializers.CharField(source="public_id", read_only=True)
    person = serializers.CharField(read_only=True)
    decided_by = serializers.CharField(default=None, allow_null=True, read_only=True)

    class Meta:
        model = ErasureRequest
        fields = ("id", "person", "state", "asked_at", "due_at", "decided_at", "decided_by", "counts")


class TypedSerializer(serializers.Serializer[Any]):
    typed = serializers.CharField(max_length=254, help_text=_("申请人的邮箱，以示确认；办理不能撤销"))
