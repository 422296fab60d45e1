"""People, the organisations they act for, and what they may do on the platform."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.accounts.validators import validate_credit_code
from apps.core.models import PublicIdModel
from apps.core.validators import validate_text


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        fields |= {"is_superuser": True, "is_staff": True, "platform_role": PlatformRole.ADMINISTRATOR}
        return self.create_user(email, password, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class PlatformRole(models.TextChoices):
    """What a person does for the platform itself, beside any organisation they belong to."""

    NONE = "", _("普通用户")
    BROKER = "broker", _("技术经纪人")
    REVIEWER = "reviewer", _("审核员")
    ADMINISTRATOR = "administrator", _("管理员")


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("邮箱"), unique=True, error_messages={"unique": _("该邮箱已注册，请直接登录。")})
    name = models.CharField(_("姓名"), max_length=40, validators=[validate_text])
    phone = models.CharField(_("手机"), max_length=20, blank=True, validators=[validate_text])
    platform_role = models.CharField(
        _("平台角色"), max_length=20, choices=PlatformRole, default=PlatformRole.NONE, blank=True
    )
    is_active = models.BooleanField(_("启用"), default=True)
    is_staff = models.BooleanField(_("可进入管理后台"), default=False)
    email_confirmed_at = models.DateTimeField(_("邮箱确认时间"), null=True, blank=True)
    created_at = models.DateTimeField(_("注册时间"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")
        constraints = (models.UniqueConstraint(Lower("email"), name="user_email_any_case"),)

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_administrator(self) -> bool:
        return self.is_active and (self.is_superuser or self.platform_role == PlatformRole.ADMINISTRATOR)

    @property
    def is_reviewer(self) -> bool:
        """May review organisations, needs and capabilities: reviewers, and administrators."""
        return self.is_administrator or (self.is_active and self.platform_role == PlatformRole.REVIEWER)

    @property
    def is_broker(self) -> bool:
        return self.is_active and self.platform_role == PlatformRole.BROKER


class OrganisationKind(models.TextChoices):
    ENTERPRISE = "enterprise", _("企业")
    UNIVERSITY = "university", _("高校")
    INSTITUTE = "institute", _("科研院所")
    BROKER = "broker", _("技术转移机构")
    FINANCE = "finance", _("金融机构")
    GOVERNMENT = "government", _("政府部门")


SUPPLY_KINDS = (OrganisationKind.UNIVERSITY, OrganisationKind.INSTITUTE)


class OrganisationState(models.TextChoices):
    PENDING = "pending", _("待核验")
    VERIFIED = "verified", _("已核验")
    REJECTED = "rejected", _("未通过")


class Organisation(PublicIdModel):
    kind = models.CharField(_("机构类型"), max_length=20, choices=OrganisationKind)
    name = models.CharField(_("机构名称"), max_length=100, unique=True, validators=[validate_text])
    short_name = models.CharField(_("简称"), max_length=40, blank=True, validators=[validate_text])
    credit_code = models.CharField(
        _("统一社会信用代码"),
        max_length=18,
        unique=True,
        null=True,
        blank=True,
        validators=[validate_credit_code],
        error_messages={"unique": _("该统一社会信用代码已登记。请联系贵单位的管理员邀请您加入。")},
    )
    district = models.ForeignKey(
        "taxonomy.Term",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"vocabulary": "district"},
        related_name="+",
        verbose_name=_("所在区市"),
    )
    tiers = models.ManyToManyField(
        "taxonomy.Term",
        blank=True,
        limit_choices_to={"vocabulary": "enterprise_tier"},
        related_name="+",
        verbose_name=_("企业梯度"),
    )
    description = models.TextField(_("简介"), max_length=2000, blank=True, validators=[validate_text])
    state = models.CharField(
        _("核验状态"), max_length=10, choices=OrganisationState, default=OrganisationState.PENDING, db_index=True
    )
    rejection_reason = models.CharField(_("未通过原因"), max_length=300, blank=True)
    verified_at = models.DateTimeField(_("核验时间"), null=True, blank=True)
    verified_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("核验人")
    )
    members = models.ManyToManyField(User, through="Membership", related_name="organisations")

    class Meta:
        verbose_name = _("机构")
        verbose_name_plural = _("机构")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_verified(self) -> bool:
        return self.state == OrganisationState.VERIFIED

    @property
    def is_supplier(self) -> bool:
        return self.kind in SUPPLY_KINDS


class MembershipRole(models.TextChoices):
    OWNER = "owner", _("负责人")
    MEMBER = "member", _("成员")


class Membership(models.Model):
    """A person acting for an organisation. One person acts for one organisation at a time."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="membership", verbose_name=_("用户"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("机构")
    )
    role = models.CharField(_("角色"), max_length=10, choices=MembershipRole, default=MembershipRole.MEMBER)
    joined_at = models.DateTimeField(_("加入时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("机构成员")
        verbose_name_plural = _("机构成员")

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"
