"""A child process for each document, with limits, so that no file can stop the others or the program."""

import multiprocessing
import os
import signal
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec

from pipeline.ingest.extract import Ingested, extract, failed
from pipeline.ingest.metadata import Entry
from pipeline.model import DocumentStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one document may use."""

    seconds: float = 120.0
    """Wall clock, and processor time rounded up."""
    memory: int = 2 * 2**30
    """Bytes of address space in addition to what the program itself has mapped."""
    file_size: int = 200 * 2**20
    """Bytes of the source file."""


OCR_PATIENCE = 10
"""How many times the usual time a document may take whose pages are recognised."""


def guarded(data: bytes, name: str, entry: Entry, limits: Limits, *, ocr: bool = False) -> Ingested:
    """Extract in a child process; a child that dies or overruns becomes a status.

    Where processes can be forked the child starts from the warm parent; elsewhere it is spawned
    and only the wall clock holds it.
    """
    context: Any = multiprocessing.get_context("fork" if _can_fork() else "spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(sender, data, name, entry, limits, ocr), daemon=True)
    child.start()
    sender.close()
    seconds = limits.seconds * OCR_PATIENCE if ocr else limits.seconds
    answer = _receive(receiver, seconds)
    if answer is None and child.is_alive() and not _finished(child):
        child.kill()
        child.join()
        why = f"reading took more than {seconds:g} s; split it or raise the limit"
        return failed(name, data, "timeout", why, entry)
    child.join(5)
    if child.is_alive():
        child.kill()
        child.join()
    if answer:
        return answer
    status, why = _cause(child.exitcode)
    return failed(name, data, status, why, entry)


def _receive(receiver: Connection, seconds: float) -> Ingested | None:
    """Wait for the child's answer; None where none came in time or the child died."""
    try:
        if receiver.poll(seconds):
            return msgspec.msgpack.decode(receiver.recv_bytes(), type=Ingested)
    except (EOFError, OSError):
        pass
    finally:
        receiver.close()
    return None


def _finished(child: multiprocessing.process.BaseProcess) -> bool:
    """Whether the child ended within a moment of its pipe closing."""
    child.join(0.5)
    return not child.is_alive()


def _can_fork() -> bool:
    return sys.platform.startswith("linux") and "fork" in multiprocessing.get_all_start_methods()


def _work(sender: Connection, data: bytes, name: str, entry: Entry, limits: Limits, ocr: bool) -> None:
    """In the child: set the limits, read, send the records."""
    _limit(limits)
    try:
        answer = extract(data, name, entry, ocr=ocr)
    except MemoryError:
        answer = failed(name, data, "memory", _MEMORY, entry)
    except RecursionError:
        answer = failed(name, data, "unreadable", "nested too deeply", entry)
    except Exception as error:  # whatever a parser raises is the document's fault, and only its own
        answer = failed(name, data, "unreadable", f"cannot be read ({type(error).__name__})", entry)
    try:
        sender.send_bytes(msgspec.msgpack.encode(answer))
    except MemoryError:
        os._exit(_EXIT_MEMORY)
    sender.close()
    sys.stdout.flush()
    os._exit(0)


_EXIT_MEMORY = 77
_MEMORY = "reading needs more memory than allowed; it may be damaged or built to exhaust its reader"


def _limit(limits: Limits) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    seconds = max(1, int(limits.seconds + 0.999))
    wanted = [("RLIMIT_CORE", 0), ("RLIMIT_CPU", seconds)]
    if sys.platform.startswith("linux"):  # elsewhere the address space is not a measure of memory
        wanted.append(("RLIMIT_AS", _mapped() + limits.memory))
    for what, soft in wanted:
        try:
            _, hard = resource.getrlimit(getattr(resource, what))
            ceiling = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
            resource.setrlimit(getattr(resource, what), (ceiling, hard))
        except (ValueError, OSError, AttributeError):
            continue


def _mapped() -> int:
    """Return the bytes of address space that the process has now."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _cause(code: int | None) -> tuple[DocumentStatus, str]:
    """Say what a child that left without an answer died of."""
    if code == _EXIT_MEMORY:
        return "memory", _MEMORY
    if code is not None and code < 0:
        if -code == getattr(signal, "SIGXCPU", None):
            return "timeout", "reading took more processor time than allowed"
        if -code in (signal.SIGABRT, getattr(signal, "SIGKILL", 9)):
            return "memory", _MEMORY
        return "unreadable", f"its reader was stopped by signal {-code}; it is damaged"
    return "unreadable", "its reader ended without an answer; it is damaged"
