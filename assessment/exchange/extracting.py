"""Open this for a PDF's text, page by page, drawn out by a process of its own: no file can keep this one busy or fill it.

Run as a program it reads the PDF on its standard input; it imports nothing of the house.
"""

import json
import logging
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO

LOCKED, MANY_PAGES, TOO_MUCH, LONG, DAMAGED = "locked", "many pages", "too much", "long", "damaged"
LARGEST_PAGE = 8 * 2**20  # bytes of a page's drawing commands


class Unextracted(ValueError):
    """`fault` is LOCKED, MANY_PAGES, LONG (of text), TOO_MUCH (to read, in time or memory) or DAMAGED."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


def pages_of(data: bytes, *, seconds: float, memory: int, pages: int, characters: int) -> list[str]:
    """The text of each page, in its lines.

    At most so many seconds, bytes of memory, pages, and characters in all. Raises Unextracted, and CalledProcessError
    where the process itself fails.
    """
    limits = map(str, (int(seconds) + 1, memory, pages, characters))
    program = [sys.executable, "-I", "-W", "ignore", __file__, *limits]
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter)
            program, input=data, stdout=subprocess.PIPE, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unextracted(TOO_MUCH) from error
    if done.returncode < 0:  # the system ended it
        raise Unextracted(TOO_MUCH)
    done.check_returncode()
    answer = json.loads(done.stdout)
    if isinstance(answer, str):
        raise Unextracted(answer)
    return answer


def _main(seconds: int, memory: int, pages: int, characters: int) -> None:
    logging.disable()
    _limit(resource.RLIMIT_CPU, seconds)
    _limit(resource.RLIMIT_AS, memory)
    try:
        answer = json.dumps(list(_extracted(sys.stdin.buffer.read(), pages, characters)))
    except Unextracted as error:
        answer = json.dumps(error.fault)
    except MemoryError:
        answer = json.dumps(TOO_MUCH)
    sys.stdout.write(answer)


def _limit(what: int, most: int) -> None:
    with suppress(ValueError, OSError):  # where the system has a narrower one, or knows none
        resource.setrlimit(what, (most, most))


def _extracted(data: bytes, most: int, longest: int) -> Iterator[str]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, LimitReachedError

    try:
        reader, size = PdfReader(BytesIO(data)), 0
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unextracted(LOCKED)
        if len(reader.pages) > most:
            raise Unextracted(MANY_PAGES)
        for page in reader.pages:
            contents = page.get_contents()
            if contents is not None and len(contents.get_data()) > LARGEST_PAGE:
                raise Unextracted(TOO_MUCH)
            text = page.extract_text()
            size += len(text)
            if size > longest:
                raise Unextracted(LONG)
            yield text
    except (Unextracted, MemoryError):
        raise
    except DependencyError as error:
        raise Unextracted(LOCKED) from error
    except LimitReachedError as error:
        raise Unextracted(TOO_MUCH) from error
    except Exception as error:  # whatever a broken file makes its reader stumble over
        raise Unextracted(DAMAGED) from error


if __name__ == "__main__":
    _main(*map(int, sys.argv[1:]))
