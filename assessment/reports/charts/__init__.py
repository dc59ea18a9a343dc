"""The report's pictures: geometry once, drawn as SVG in a page (`svg`) or as operators on a PDF page (`draw`)."""

from assessment.reports.charts.overviews import dumbbells, heat_map, radar
from assessment.reports.charts.painting import draw
from assessment.reports.charts.pictures import balance, journey, ladder
from assessment.reports.charts.shapes import Figure
from assessment.reports.charts.svg import svg

__all__ = ["Figure", "balance", "draw", "dumbbells", "heat_map", "journey", "ladder", "radar", "svg"]
