from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EngagementsConfig(AppConfig):
    name = "apps.engagements"
    verbose_name = _("对接与成效")

    def ready(self) -> None:
        from apps.engagements import receivers  # noqa: F401  (importing connects the signals)
        from apps.engagements.access import contacts_are_open, is_partner_of_need
        from apps.engagements.desk import receivers as desk  # noqa: F401  (as above)
        from apps.engagements.desk.assignments import pairs_given_to
        from apps.engagements.desk.sweep import STUCK_DAYS  # noqa: F401  (importing registers the city's setting)
        from apps.engagements.labels import engagement_levels
        from apps.matching.access import register_contact_gate
        from apps.matching.assignments import register_assignment
        from apps.matching.learning.label_sources import register_label_source
        from apps.needs.access import register_partner_check

        register_contact_gate(contacts_are_open)
        register_partner_check(is_partner_of_need)
        register_assignment(pairs_given_to)
        register_label_source(engagement_levels)
