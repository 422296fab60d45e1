"""Forms of the review desk."""

from apps.review.forms.deciding import AssessmentForm
from apps.review.forms.filtering import QueueFilter

__all__ = ["AssessmentForm", "QueueFilter"]
