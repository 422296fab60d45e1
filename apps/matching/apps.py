from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "apps.matching"
    verbose_name = _("供需匹配")

    def ready(self) -> None:
        from apps.accounts.profile_facts import register_answers, register_fact
        from apps.core import working_days  # noqa: F401  (importing registers the city's reply time)
        from apps.core.suggestions import register_reader
        from apps.matching import checks, receivers  # noqa: F401  (importing registers the checks and connects the signals)
        from apps.matching.analysis import EngineAnalyst
        from apps.matching.index import receivers as changes  # noqa: F401  (connects them too)
        from apps.matching.replies.figures import answers_for_programs, answers_on_profile
        from apps.matching.suggestions import EngineSuggester, read_indicators
        from apps.needs import analysis, suggestions

        suggestions.register(EngineSuggester())
        register_reader(read_indicators)
        analysis.register(EngineAnalyst())
        register_fact(answers_on_profile)
        register_answers(answers_for_programs)
