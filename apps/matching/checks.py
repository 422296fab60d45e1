"""What `manage.py check` says about this installation's matching."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, register
from django.core.checks import Warning as CheckWarning
from django.utils.translation import gettext as _

from apps.matching.encoders import SWITCHED_OFF, encoder_problem


@register
def encoder_is_there(**_kwargs: Any) -> list[CheckMessage]:
    """A warning: without its encoder the platform works, but compares no meanings. Not where it was switched off."""
    problem = encoder_problem()
    if not problem or settings.MATCHING_ENCODER == SWITCHED_OFF:
        return []
    hint = _("匹配照常进行，只是不比较语义。")
    return [CheckWarning(problem, hint=hint, id="matching.W001")]
