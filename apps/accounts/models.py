"""People, the organisations they act for, and what they may do on the platform."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.accounts.validators import validate_credit_code
from apps.core.models import PublicIdModel
from apps.core.validators import validate_text

NOBODYS_DOMAIN = "@erased.invalid"
"""The address of a person who was forgotten on request ends so; no such account comes back to life."""


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        fields |= {"is_superuser": True, "is_staff": True, "platform_role": PlatformRole.ADMINISTRATOR}
        fields.setdefault("covers_city", True)
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
    covers_city = models.BooleanField(
        _("负责全市"),
        default=False,
        help_text=_("技术经纪人、审核员和管理员的工作范围：勾选为全市，否则只限于下面所选的区市。"),
    )
    districts = models.ManyToManyField(
        "taxonomy.Term",
        blank=True,
        limit_choices_to={"vocabulary": "district"},
        related_name="+",
        verbose_name=_("负责区市"),
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
    def is_erased(self) -> bool:
        return self.email.endswith(NOBODYS_DOMAIN)

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
        error_messages={"unique": _("该统一社会信用代码已登记。如果是贵单位，可以申请加入。")},
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
    # Raised by every change of what it says: of two who edit at once, the second is told.
    revision = models.PositiveIntegerField(_("版本"), default=1, editable=False)

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


class CloudCentre(PublicIdModel):
    """云上研发中心: an enterprise's registered online R&D centre."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, related_name="cloud_centre", verbose_name=_("企业")
    )
    opened_at = models.DateTimeField(_("开通时间"), db_index=True)
    opened_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("开通人")
    )
    industry_chain = models.ForeignKey(
        "taxonomy.Term",
        on_delete=models.PROTECT,
        limit_choices_to={"vocabulary": "industry_chain"},
        related_name="+",
        verbose_name=_("所属产业链"),
    )
    products = models.CharField(_("主要产品"), max_length=200, validators=[validate_text])
    equipment = models.CharField(_("主要设备与工艺"), max_length=300, blank=True, validators=[validate_text])
    research_staff = models.PositiveIntegerField(_("研发人员（人）"), null=True, blank=True)
    directions = models.TextField(_("研发方向"), max_length=1000, blank=True, validators=[validate_text])
    # Raised by every change: of two who edit at once, the second is told.
    revision = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    class Meta:
        verbose_name = _("云上研发中心")
        verbose_name_plural = _("云上研发中心")
        ordering = ("-opened_at", "-id")

    def __str__(self) -> str:
        return str(self.organisation)


class JoinState(models.TextChoices):
    WAITING = "waiting", _("等待答复")
    APPROVED = "approved", _("已同意")
    REFUSED = "refused", _("未同意")
    WITHDRAWN = "withdrawn", _("已撤回")
    LAPSED = "lapsed", _("已失效")


class JoinRequest(PublicIdModel):
    """Somebody asks to act for an organisation that is registered already; its owners answer.

    Lapsed: the person joined an organisation otherwise, or closed their account.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="join_requests", verbose_name=_("机构")
    )
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="join_requests", verbose_name=_("申请人"))
    note = models.CharField(_("自我介绍"), max_length=200, blank=True, validators=[validate_text])
    state = models.CharField(_("状态"), max_length=10, choices=JoinState, default=JoinState.WAITING)
    asked_at = models.DateTimeField(_("申请时间"))
    decided_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("答复人")
    )

    class Meta:
        verbose_name = _("加入申请")
        verbose_name_plural = _("加入申请")
        ordering = ("-asked_at", "-id")
        indexes = (models.Index(fields=("organisation", "state"), name="join_request_waiting"),)
        constraints = (
            # Nobody asks two organisations at once: one person acts for one.
            models.UniqueConstraint(
                name="join_request_one_waiting", fields=("person",), condition=models.Q(state="waiting")
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} → {self.organisation_id}"
