"""Open this for a picture's letters outside of the PDF: in a report that is not in Chinese its marks are Latin ones."""

from dataclasses import replace
from pathlib import Path

from assessment.reports import charts, words
from assessment.reports.charts.png import png
from assessment.reports.charts.shapes import Figure, Label
from assessment.reports.charts.svg import FONT
from assessment.reports.plain import readable
from assessment.reports.typeset import narrowed

LATIN = f"Arial, Helvetica, Liberation Sans, {FONT}"  # before the Chinese ones, in which ‘ ’ “ ” … are as wide as a character


def drawing(figure: Figure) -> str:
    """As SVG, in the language at hand."""
    drawn = readable(charts.svg(figure))
    return drawn.replace(f'font-family="{FONT}"', f'font-family="{LATIN}"', 1) if words.is_latin() else drawn


def dots(figure: Figure, fonts: Path) -> bytes:
    """As PNG, in the language at hand. Raises `fonts.FontsMissing` where `manage.py prepare_fonts` has not run."""
    return png(_narrowed(figure) if words.is_latin() else figure, fonts)


def _narrowed(figure: Figure) -> Figure:
    shapes = (replace(s, text=narrowed(s.text)) if isinstance(s, Label) else s for s in figure.shapes)
    return replace(figure, shapes=tuple(shapes))
