"""What can go wrong, what the user is told, and with which exit code the program ends.

Errors in data are data: a `Problem` says where, what and what to do, and is gathered, so that one
bad file never hides the next. Exceptions are for what cannot go on.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong in what people wrote or gave us."""

    where: str
    """File, or `file:line:column`; a path relative to the project folder with forward slashes."""
    what: str
    remedy: str = ""
    severity: str = "error"
    """`error` makes the command end with exit code 3; `warning` does not."""

    def __str__(self) -> str:
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{self.where}: {self.what}{remedy}" if self.where else f"{self.what}{remedy}"


class PipelineError(Exception):
    """Something that stops the command. Each subclass owns its exit code."""

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.problem = Problem(where=where, what=what, remedy=remedy)
        super().__init__(str(self.problem))


class UsageError(PipelineError):
    """The command was called with words that do not fit."""

    exit_code = 2


class DataError(PipelineError):
    """Files that people wrote, or records, have problems; all that were found are listed."""

    exit_code = 3

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        Exception.__init__(self, "\n".join(map(str, problems)))


class MissingInput(PipelineError):
    """A file or record that the command needs is not there or cannot be read."""

    exit_code = 4


class Refused(PipelineError):
    """Going on would lose or contradict a human decision, or leave the project folder."""

    exit_code = 5


class Interrupted(PipelineError):
    """The user pressed Ctrl-C; what was finished is kept."""

    exit_code = 130
