"""Files become documents: text, passages, labels, pages, and what a document says of itself."""

from pipeline.ingest.extract import EXTRACTOR_VERSION, Ingested, extract
from pipeline.ingest.guard import Limits
from pipeline.ingest.metadata import Entry, Metadata, load_metadata
from pipeline.ingest.run import ingest, input_key

__all__ = [
    "EXTRACTOR_VERSION",
    "Entry",
    "Ingested",
    "Limits",
    "Metadata",
    "extract",
    "ingest",
    "input_key",
    "load_metadata",
]
