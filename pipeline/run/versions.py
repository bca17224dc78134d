"""The versions that results depend on."""

import platform
from importlib import metadata

LIBRARIES = ("spacy", "pdfplumber", "pdfminer.six", "pypdfium2", "lxml", "msgspec", "pydantic")


def version_lines() -> list[str]:
    """Return one line for the program, Python and each library whose version can change a result."""
    from pipeline import __version__
    from pipeline.ingest import EXTRACTOR_VERSION

    readers = ", ".join(f"{kind} {version}" for kind, version in sorted(EXTRACTOR_VERSION.items()))
    own = [f"pipeline {__version__}", f"readers: {readers}", f"Python {platform.python_version()}"]
    return own + [f"{name} {metadata.version(name)}" for name in LIBRARIES]
