"""What two rounds of a city say side by side, without any format: `compare` them once, then show, print or send it."""

from assessment.reports.comparison.building import Round, compare
from assessment.reports.comparison.facts import Comparison, CriterionChange, Movement, Parts, Side

__all__ = ["Comparison", "CriterionChange", "Movement", "Parts", "Round", "Side", "compare"]
