"""Documents and rules become evidence."""

from pipeline.annotate.annotator import Annotator
from pipeline.annotate.engine import EngineName

__all__ = ["Annotator", "EngineName"]
