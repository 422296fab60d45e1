"""The city's figures as pages, reports and programs ask for them: plain data, counted from DayCount."""

from apps.stats.dashboard.distribution import Distribution, distribution
from apps.stats.dashboard.fit import Fit, fit
from apps.stats.dashboard.overview import Overview, overview

__all__ = ["Distribution", "Fit", "Overview", "distribution", "fit", "overview"]
