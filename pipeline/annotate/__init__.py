"""Documents and rules become evidence."""

from pipeline.annotate.annotator import Annotator

__all__ = ["Annotator"]
