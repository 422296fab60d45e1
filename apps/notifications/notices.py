"""The words of what happens to organisations and their people; the accounts app is below this one."""

from django.utils.translation import gettext_lazy as _

from apps.notifications.kinds import Kind, register

register(
    Kind("accounts.verified", _("“%(organisation)s”已通过核验"), _("现在可以发布需求和资源，也可以答复推荐了。")),
    Kind("accounts.rejected", _("“%(organisation)s”的核验未通过"), _("原因：%(reason)s。修改后会重新核验。")),
    Kind("accounts.member_joined", _("%(person)s 已加入“%(organisation)s”"), _("可以在“我的机构”查看成员。")),
    Kind("accounts.join_asked", _("%(person)s 申请加入“%(organisation)s”"), _("请在“我的机构”同意或婉拒。")),
    Kind("accounts.join_approved", _("您已加入“%(organisation)s”"), _("现在可以和同事一起发布、答复和跟进了。")),
    Kind("accounts.join_refused", _("“%(organisation)s”没有同意您的加入申请"), _("如有疑问，请直接与贵单位联系。")),
)
