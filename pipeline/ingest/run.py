"""One document of a project, read once, in its own child process."""

import os
import stat

from pipeline.errors import MissingInput
from pipeline.ingest.extract import EXTRACTOR_VERSION, Ingested, failed
from pipeline.ingest.guard import Limits, guarded
from pipeline.ingest.metadata import Entry, Metadata
from pipeline.model import fingerprint
from pipeline.project import Project


def ingest(
    project: Project,
    document_id: str,
    metadata: Metadata | None = None,
    limits: Limits | None = None,
    *,
    ocr: bool = False,
) -> Ingested:
    """Read a document of the project; whatever is in the file, a record with a status comes back.

    The file is read once: those bytes are hashed and those bytes are parsed. Raises `MissingInput`
    where there is no such file.
    """
    limits = limits or Limits()
    entry = metadata.entry(document_id) if metadata else Entry()
    path = project.source(document_id)
    try:
        with path.open("rb") as handle:
            if not stat.S_ISREG(os.fstat(handle.fileno()).st_mode):
                return failed(document_id, b"", "unreadable", "it is not a regular file", entry)
            data = handle.read(limits.file_size + 1)
    except FileNotFoundError as error:
        if path.is_symlink():
            return failed(document_id, b"", "unreadable", "a link that leads nowhere", entry)
        raise MissingInput("no such document", where=project.relative(path)) from error
    except OSError as error:
        return failed(
            document_id, b"", "unreadable", f"cannot be read: {error.strerror or 'input error'}", entry
        )
    if len(data) > limits.file_size:
        why = f"larger than {limits.file_size // 2**20} MB; split it or raise the limit"
        return failed(document_id, b"", "too_large", why, entry)
    return guarded(data, document_id, entry, limits, ocr=ocr)


def input_key(source_hash: str, entry: Entry, *, ocr: bool = False) -> str:
    """Return a fingerprint of all that a document record depends on.

    It changes with the bytes of the source, with what `corpus/documents.yaml` says of the document,
    with any reader's version, and with OCR being asked for.
    """
    versions = ",".join(f"{kind}={version}" for kind, version in sorted(EXTRACTOR_VERSION.items()))
    return fingerprint(source_hash, entry.hash, versions, "ocr" if ocr else "")
