"""YAML that people write, read into strict models; every mistake is named with its line and column.

YAML is read with strings kept strings (`NO` is not false, `1.0` stays as written in a text field),
unknown keys are refused with a suggestion, and all mistakes of a file are gathered, not just the
first.
"""

import difflib
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import MissingInput, Problem
from pipeline.model import digest

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Model(BaseModel):
    """Base of everything that people write in YAML: immutable, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


M = TypeVar("M", bound=Model)


def load(path: Path, model: type[M], problems: list[Problem], *, where: str | None = None) -> M | None:
    """Read a YAML file into a model; on mistakes add them to the problems and return None.

    `where` names the file in messages. An empty file is an empty mapping.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise MissingInput(error.strerror or "cannot be read", where=where or path.as_posix()) from error
    return parse(text, model, problems, where=where or path.as_posix())


def parse(text: bytes | str, model: type[M], problems: list[Problem], *, where: str) -> M | None:
    """Read YAML text into a model; see `load`."""
    try:
        node = yaml.compose(text, Loader=_Loader)
        if node is not None:
            problems_before = len(problems)
            _refuse_repeated_keys(node, where, problems)
            if len(problems) > problems_before:
                return None
        data = {} if node is None else _value(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{where}:{mark.line + 1}:{mark.column + 1}" if mark else where
        remedy = "check indentation, quotes and colons"
        problems.append(Problem(where=place, what=f"not YAML: {error.problem}", remedy=remedy))
        return None
    except yaml.YAMLError as error:
        problems.append(Problem(where=where, what=f"not YAML: {error}", remedy="save the file as UTF-8"))
        return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems.extend(_explain(mistake, node, model, where) for mistake in error.errors())
        return None


def position(node: yaml.Node | None, path: tuple[int | str, ...]) -> str:
    """Return `line:column` of the deepest node of the path that exists."""
    for step in path:
        if isinstance(node, yaml.MappingNode):
            hit = next((pair for pair in node.value if pair[0].value == str(step)), None)
            if hit is None:
                break
            # a key that is itself wrong is pointed at; otherwise its value is followed
            node = hit[0] if step == path[-1] and not isinstance(hit[1], yaml.ScalarNode) else hit[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        # any other step is pydantic's name for a variant of a union: it has no node
    if node is None:
        return "1:1"
    return f"{node.start_mark.line + 1}:{node.start_mark.column + 1}"


def schema_hash(*texts: bytes) -> str:
    """Return one fingerprint for the bytes of several rule files, in the order given."""
    return digest(b"\x00".join(texts))[:16]


def _value(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    if node.tag == "tag:yaml.org,2002:null" and node.value in ("", "~", "null"):
        return None
    # Everything else is text as written: pydantic turns it into what the field asks for.
    return node.value


def _refuse_repeated_keys(node: yaml.Node, where: str, problems: list[Problem]) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in seen:
                place = f"{where}:{key.start_mark.line + 1}:{key.start_mark.column + 1}"
                problems.append(Problem(where=place, what=f'key "{key.value}" twice', remedy="keep one"))
            seen.add(key.value)
            _refuse_repeated_keys(value, where, problems)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeated_keys(item, where, problems)


def _explain(mistake: Any, node: yaml.Node | None, model: type[BaseModel], where: str) -> Problem:
    path = tuple(mistake["loc"])
    if mistake["type"] == "extra_forbidden":
        place = _key_position(node, path)
        close = difflib.get_close_matches(str(path[-1]), _known_keys(model), n=1)
        remedy = f'did you mean "{close[0]}"?' if close else "remove it"
        return Problem(where=f"{where}:{place}", what=f'unknown key "{path[-1]}"', remedy=remedy)
    named = ".".join(map(str, path))
    what = mistake["msg"][:1].lower() + mistake["msg"][1:]
    if mistake["type"] == "literal_error":
        what = f'"{mistake["input"]}" is none of {mistake["ctx"]["expected"]}'
    return Problem(where=f"{where}:{position(node, path)}", what=f"{named}: {what}" if named else what)


def _key_position(node: yaml.Node | None, path: tuple[int | str, ...]) -> str:
    for step in path[:-1]:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == str(step)), node)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key, _ in node.value:
            if key.value == str(path[-1]):
                return f"{key.start_mark.line + 1}:{key.start_mark.column + 1}"
    return position(node, ())


def _known_keys(model: type[BaseModel]) -> list[str]:
    """Return the keys of a model and of all models inside it."""
    found: dict[str, None] = {}
    waiting: list[Any] = [model]
    seen: set[int] = set()
    while waiting:
        kind = waiting.pop()
        if id(kind) in seen:
            continue
        seen.add(id(kind))
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for name, field in kind.model_fields.items():
                found[field.alias or name] = None
                waiting.append(field.annotation)
        waiting.extend(getattr(kind, "__args__", ()))
    return list(found)
