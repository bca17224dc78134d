"""Who acts: organisations with their organs, missions, states, theatres, and names that mislead."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from pipeline.errors import Problem
from pipeline.rules.loading import Model, load

Names = dict[Literal["en", "zh"], tuple[str, ...]]


class Organisation(Model):
    """An organisation, or a group of them spoken of as one ("regional organizations")."""

    id: str
    """Short name, as evidence carries it."""
    kind: Literal["organisation", "group", "others"] = "organisation"
    """`others` (donors, member states) can give, and count in no cooperation."""
    names: Names
    organs: Names = Field(default_factory=dict)
    """Bodies and officials that act for it."""
    own: Names = Field(default_factory=dict)
    """Names that mean it only in its own documents: "the Council", "the Union"."""


class Mission(Model):
    """A peace operation; a mention of it stands for its organisation."""

    id: str
    organisation: str
    partner: str | None = None
    """The second organisation of a hybrid operation."""
    theatre: str | None = None
    years: Annotated[tuple[int, ...], Field(min_length=1, max_length=2)]
    """First and last year; one year: still there."""
    names: Names


class State(Model):
    """A state by its usual short name."""

    id: str
    names: Names


class Theatre(Model):
    """A place of operations with the words that point there."""

    id: str
    names: Names


class Trap(Model):
    """A name that several organisations share; the document says which is meant."""

    names: Names
    candidates: tuple[str, ...]
    """The document's own organisation among these, else the one named shortly before, else nobody."""


class Actors(Model):
    """`rules/actors.yaml`."""

    organisations: tuple[Organisation, ...] = ()
    missions: tuple[Mission, ...] = ()
    states: tuple[State, ...] = ()
    theatres: tuple[Theatre, ...] = ()
    traps: tuple[Trap, ...] = ()
    parties: Names = Field(default_factory=dict)
    """Words for the parties of an instrument: "the Parties", "both sides"."""
    both: Names = Field(default_factory=dict)
    """The same also outside instruments, for the two a document is about: "both organizations"."""


def load_actors(rules_dir: Path, problems: list[Problem]) -> Actors:
    """Read `rules/actors.yaml`; on mistakes, or where there is none, nobody is known."""
    path = next((p for name in ("actors.yaml", "actors.yml") if (p := rules_dir / name).is_file()), None)
    if path is None:
        return Actors()
    where = path.relative_to(rules_dir.parent).as_posix()
    actors = load(path, Actors, problems, where=where) or Actors()
    known = {one.id for one in actors.organisations}
    theatres = {one.id for one in actors.theatres}
    for mission in actors.missions:
        for named in filter(None, (mission.organisation, mission.partner)):
            if named not in known:
                what = f'mission {mission.id}: unknown organisation "{named}"'
                problems.append(Problem(where=where, what=what, remedy="add it under organisations:"))
        if mission.theatre and mission.theatre not in theatres:
            what = f'mission {mission.id}: unknown theatre "{mission.theatre}"'
            problems.append(Problem(where=where, what=what, remedy="add it under theatres:"))
    return actors
