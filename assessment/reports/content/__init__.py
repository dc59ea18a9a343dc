"""What a gap report says, without any format: `build` it once, then print it, show it or send it."""

from assessment.reports.content.build import build
from assessment.reports.content.citing import References
from assessment.reports.content.facts import Answer, Cell, Cite, Content, GapItem, Reference, Section
from assessment.reports.content.tracks import Track, Tracks, tracks

__all__ = [
    "Answer",
    "Cell",
    "Cite",
    "Content",
    "GapItem",
    "Reference",
    "References",
    "Section",
    "Track",
    "Tracks",
    "build",
    "tracks",
]
