"""The city's figures as pages, reports and programs ask for them: plain data, counted from DayCount."""

from dataclasses import dataclass

from apps.stats.dashboard.distribution import Distribution, distribution
from apps.stats.dashboard.fit import Fit, fit
from apps.stats.dashboard.overview import Overview, overview
from apps.stats.questions import Question

__all__ = ["Dashboard", "Distribution", "Fit", "Overview", "dashboard", "distribution", "fit", "overview"]


@dataclass(frozen=True, slots=True)
class Dashboard:
    overview: Overview
    distribution: Distribution
    fit: Fit


def dashboard(question: Question) -> Dashboard:
    return Dashboard(overview(question), distribution(question), fit(question))
