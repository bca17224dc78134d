"""The cases to be coded: pairs of organisations with their scope in time, place and documents.

`rules/cases.yaml` is the only file a new case needs. Which evidence concerns a case follows from
the organisations it names (`Case.concerns`); the scope is applied when codings are made.
"""

from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from pipeline.errors import Problem
from pipeline.model import digest
from pipeline.rules.loading import Model, load

BOTH_NEEDED = ("action.", "agreement.")
"""Code groups about something between the two: evidence must name both organisations of the pair."""


class Wording(Model):
    """A text in the languages of the report; Chinese falls back to English."""

    en: str
    zh: str = ""

    def within(self, language: str) -> str:
        return self.zh if language == "zh" and self.zh else self.en


class Window(Model):
    """Years, both included; an open end has no limit."""

    since: int | None = None
    until: int | None = None

    def holds(self, year: int) -> bool:
        return (self.since is None or self.since <= year) and (self.until is None or year <= self.until)

    @model_validator(mode="after")
    def _in_order(self) -> "Window":
        if self.since is not None and self.until is not None and self.since > self.until:
            raise ValueError(f"since {self.since} is after until {self.until}")
        return self


class DocumentScope(Model):
    """Documents that alone count, or that never count: ids, or beginnings of ids ending in `/`."""

    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


class Case(Model):
    """A pair of organisations, and where, when and from which documents their cooperation is coded."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
    title: Wording
    organisations: tuple[str, str]
    """First the organisation whose dependence is measured, then its partner; names as in actors.yaml."""
    theatres: tuple[str, ...] = ()
    """Places of operation (ids of actors.yaml); none means everywhere."""
    years: Window = Window()
    windows: dict[str, Window] = Field(default_factory=dict)
    """Other years for single indicators: an indicator that names a window uses it instead of `years`."""
    documents: DocumentScope = DocumentScope()
    comparator: tuple[str, ...] = ()
    """Norms on which the two are compared where the scheme lets every case choose its own."""
    note: str = ""

    @field_validator("organisations")
    @classmethod
    def _two_different(cls, pair: tuple[str, str]) -> tuple[str, str]:
        if pair[0] == pair[1]:
            raise ValueError("name two different organisations")
        return pair

    @property
    def focal(self) -> str:
        return self.organisations[0]

    @property
    def partner(self) -> str:
        return self.organisations[1]

    def window(self, name: str) -> Window:
        """Return the years of that name; the case's years where it has none."""
        return self.windows.get(name, self.years)

    def concerns(self, code: str, organisations: tuple[str, ...]) -> bool:
        """Say whether evidence of this code about these organisations concerns the pair."""
        if code.startswith(BOTH_NEEDED):
            return self.focal in organisations and self.partner in organisations
        return self.focal in organisations or self.partner in organisations


class Cases(Model):
    """All cases of a project, and the member states of their organisations."""

    cases: tuple[Case, ...] = ()
    members: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Organisation → its member states, as evidence names them."""

    @cached_property
    def hash(self) -> str:
        return digest(self.model_dump_json().encode("utf-8"))[:16]

    @cached_property
    def _by_id(self) -> dict[str, Case]:
        return {case.id: case for case in self.cases}

    def get(self, case: str) -> Case | None:
        return self._by_id.get(case)

    def concerned(self, code: str, organisations: tuple[str, ...]) -> tuple[str, ...]:
        """Return the ids of all cases that such evidence concerns, in the order of the file."""
        return tuple(case.id for case in self.cases if case.concerns(code, organisations))


def load_cases(rules: Path, problems: list[Problem]) -> Cases | None:
    """Read `cases.yaml` of a rules folder; add mistakes to the problems and return None if there are any."""
    path = rules / "cases.yaml"
    where = f"{rules.name}/{path.name}"
    cases = load(path, Cases, problems, where=where)
    if cases is None:
        return None
    numbers = Counter(case.id for case in cases.cases)
    twice = [name for name, number in numbers.items() if number > 1]
    problems += [
        Problem(where=where, what=f'two cases named "{name}"', remedy="give each its own id")
        for name in twice
    ]
    return None if twice else cases
