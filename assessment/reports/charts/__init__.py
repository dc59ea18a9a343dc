"""The report's pictures: geometry once, drawn as SVG in a page (`svg`) or as operators on a PDF page (`draw`)."""

from assessment.reports.charts.heat import heat_map, heat_maps
from assessment.reports.charts.overviews import ON_A_WHEEL, bars, dumbbells, radar
from assessment.reports.charts.painting import draw
from assessment.reports.charts.pictures import balance, journey, ladder, ruler
from assessment.reports.charts.shapes import Figure, tone
from assessment.reports.charts.slopes import ON_A_SLOPE, Slope, slopes
from assessment.reports.charts.svg import svg

__all__ = [
    "ON_A_SLOPE",
    "ON_A_WHEEL",
    "Figure",
    "Slope",
    "balance",
    "bars",
    "draw",
    "dumbbells",
    "heat_map",
    "heat_maps",
    "journey",
    "ladder",
    "radar",
    "ruler",
    "slopes",
    "svg",
    "tone",
]
