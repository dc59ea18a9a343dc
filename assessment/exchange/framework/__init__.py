"""Framework file ⇄ outline."""

from assessment.exchange.framework.reading import framework_of, read_framework
from assessment.exchange.framework.writing import digest, write_framework

__all__ = ["digest", "framework_of", "read_framework", "write_framework"]
