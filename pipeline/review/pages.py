"""Pictures of PDF pages with the words of a piece of evidence boxed; drawn in a child process."""

import json
import struct
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

import msgspec

from pipeline.errors import PipelineError
from pipeline.review import pagework

SECONDS = 30
"""Time for one page, waiting included."""
KEPT = 24
"""Pictures kept in memory."""


class PageNotShown(PipelineError):
    """The page cannot be drawn: not a PDF, damaged, too large, or too slow."""

    exit_code = 4


class PageView(msgspec.Struct, frozen=True, kw_only=True):
    """A page as drawn, and where the marks are on it."""

    page: int
    """The physical page shown, from 1."""
    pages: int
    boxes: dict[str, list[pagework.Box]]
    """For each mark its boxes, one a line: left, top, width, height as parts of the page."""
    picture: bytes
    """PNG."""


class Pages:
    """Draws pages and remembers the latest; safe to use from several threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, PageView] = OrderedDict()
        self._lock = threading.Lock()
        self._at_work = threading.Semaphore(2)

    def view(
        self, path: Path, page: int, passage: str, marks: Mapping[str, tuple[int, int]], width: int = 1200
    ) -> PageView:
        """Return a page of a PDF with marks, given in code points into the passage that stands there.

        Where the first mark is on the page after, that one is shown. Raises `PageNotShown`.
        """
        stamp = path.stat()
        request = {
            "path": str(path), "page": page, "passage": passage, "marks": dict(marks), "width": width,
        }  # fmt: skip
        key = json.dumps([request, stamp.st_mtime_ns, stamp.st_size])
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        with self._at_work:
            view = _draw(request)
        with self._lock:
            self._kept[key] = view
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return view


def _draw(request: Mapping[str, object]) -> PageView:
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(Path(pagework.__file__))],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PageNotShown(f"the page took longer than {SECONDS} s") from error
    if done.returncode or len(done.stdout) < 4:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it ended at once"]
        raise PageNotShown(f"the page cannot be drawn: {last[0][:200]}")
    (length,) = struct.unpack(">I", done.stdout[:4])
    told = json.loads(done.stdout[4 : 4 + length])
    return msgspec.convert(told | {"picture": done.stdout[4 + length :]}, PageView)
