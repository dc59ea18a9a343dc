"""A PDF as one sees it: its words, and its pages as dots."""

import re
import subprocess
from collections.abc import Iterator


def pages_of(data: bytes) -> list[str]:
    """The text of each page in reading order, without white space."""
    command = ["pdftotext", "-enc", "UTF-8", "-", "-"]
    text = subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()
    return [re.sub(r"\s", "", page) for page in text.removesuffix("\f").split("\f")]


def words_of(data: bytes) -> str:
    return "".join(pages_of(data))


def greys(data: bytes) -> Iterator[list[bytes]]:
    """Each page as rows of grey values, at 24 dots an inch."""
    command = ["pdftoppm", "-r", "24", "-gray", "-"]
    made = subprocess.run(command, input=data, capture_output=True, check=True).stdout
    while made:
        header = re.match(rb"P5\s(\d+)\s(\d+)\s255\s", made)
        width, height = int(header[1]), int(header[2])
        start = header.end()
        yield [made[start + width * y : start + width * (y + 1)] for y in range(height)]
        made = made[start + width * height :]


def leaves_the_margins(rows: list[bytes]) -> bool:
    """Whether ink stands in the page's left or right margin."""
    edge = int(len(rows[0]) * 0.06)
    return min(min(row[:edge] + row[-edge:]) for row in rows) <= 200
