"""The codes: what each is called, what it means, and which attributes it carries.

`rules/codebook.yaml` is the reference for everybody who judges evidence. The engine, the review
page and the exports all read it, so a code that is not there does not exist.
"""

from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field

from pipeline.errors import Problem
from pipeline.model import Code
from pipeline.rules.loading import Model, load, position

FILE = "codebook.yaml"

Attribute = Literal["organisations", "status", "role", "polarity"]
Interface = Literal["en", "zh"]


class Wording(Model):
    """The same words in both interface languages."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)

    def within(self, language: Interface) -> str:
        """Return the wording in one language."""
        return self.zh if language == "zh" else self.en


class CodeEntry(Model):
    """One code as a coder needs it at hand."""

    name: Wording
    definition: Wording
    attributes: tuple[Attribute, ...]
    """Which attributes evidence of this code carries, in the order they are asked for."""
    instruments_only: bool = False
    """True where the code describes the document itself, so that only an instrument can bear it."""
    close_calls: tuple[Wording, ...] = ()
    """What is easily confused with the code, and how it is settled."""


class Codebook(Model):
    """All codes, in the order in which they are shown."""

    groups: dict[str, Wording]
    """Name of each group; a group's key is the part of a code before the dot."""
    codes: dict[Code, CodeEntry]

    def group(self, code: Code) -> str:
        """Return the group a code belongs to."""
        return code.partition(".")[0]


def load_codebook(rules: Path, problems: list[Problem]) -> Codebook | None:
    """Read `codebook.yaml` from a rules folder; on mistakes add them to the problems and return None.

    Messages name the file below the folder that holds the rules folder, as `rules/codebook.yaml`.
    A file that is not there raises `MissingInput`.
    """
    path, where = rules / FILE, f"{rules.name}/{FILE}"
    codebook = load(path, Codebook, problems, where=where)
    if codebook is None:
        return None
    node = yaml.compose(path.read_bytes(), Loader=yaml.SafeLoader)
    misplaced = [
        Problem(
            where=f"{where}:{position(node, ('codes', code))}",
            what=f'code "{code}" belongs to no group',
            remedy=f"name codes GROUP.NAME, with a group out of {', '.join(codebook.groups)}",
        )
        for code in codebook.codes
        if not code.partition(".")[2] or codebook.group(code) not in codebook.groups
    ]
    problems.extend(misplaced)
    return None if misplaced else codebook
