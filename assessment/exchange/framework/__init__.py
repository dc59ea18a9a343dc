"""Framework file ⇄ outline."""

from assessment.exchange.framework.reading import framework_of, read_framework
from assessment.exchange.framework.writing import write_framework

__all__ = ["framework_of", "read_framework", "write_framework"]
