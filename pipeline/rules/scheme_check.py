"""Reading `scheme.yaml`, and what must hold between its parts; every mistake has its place."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import MissingInput, Problem
from pipeline.model import Status, values_of
from pipeline.rules.codebook import load_codebook
from pipeline.rules.loading import parse, position
from pipeline.rules.scheme import (
    Asserted,
    By,
    Combine,
    Distinct,
    Exchange,
    Filter,
    Highest,
    IndicatorModel,
    Scheme,
    Share,
    Tested,
    filters_of,
    possible_codes,
    references,
)

Path_ = tuple[str | int, ...]

SUBJECTS = frozenset({"any", "operations", "operations_or_theatre", "operations_document"})
RULES = frozenset({"min", "max", "mean", "lexicographic", "table", "hypotheses"})


def load_scheme(rules: Path, problems: list[Problem]) -> Scheme | None:
    """Read `scheme.yaml` of a rules folder; add mistakes to the problems and return None if there are any."""
    path = rules / "scheme.yaml"
    where = f"{rules.name}/{path.name}"
    try:
        text = path.read_bytes()
    except OSError as error:
        raise MissingInput(error.strerror or "cannot be read", where=where) from error
    codebook = load_codebook(rules, []) if (rules / "codebook.yaml").exists() else None
    return read_scheme(text, problems, where=where, codes=codebook.codes if codebook else None)


def read_scheme(
    text: bytes | str, problems: list[Problem], *, where: str, codes: Iterable[str] | None = None
) -> Scheme | None:
    """Read the text of a scheme; `codes` are those of the codebook, if they are to be checked."""
    scheme = parse(text, Scheme, problems, where=where)
    if scheme is None:
        return None
    node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    known = frozenset(codes) if codes is not None else None
    mistakes = [
        Problem(where=f"{where}:{position(node, path)}", what=what, remedy=remedy)
        for path, what, remedy in _mistakes(scheme, known)
    ]
    problems.extend(mistakes)
    return None if mistakes else scheme


def possible(value: Any, scheme: Scheme) -> list[Any]:
    """Return everything that a value of the scheme can be under its settings."""
    if isinstance(value, By):
        return list(value.when.values())
    if isinstance(value, str) and value.startswith("$"):
        setting = scheme.settings.get(value[1:])
        return list(setting.range) if setting else []
    return [value]


Mistake = tuple[Path_, str, str]


def _mistakes(scheme: Scheme, codes: frozenset[str] | None) -> Iterator[Mistake]:
    yield from _settings(scheme)
    for name, reading in scheme.readings.items():
        path: Path_ = ("readings", name)
        # without a codebook any code is taken for one
        named = set(possible_codes(reading)) if codes is None else set(codes)
        yield from _words(("readings", name, "becomes"), reading.becomes, scheme, {"keep", "ignore"} | named)
        yield from _words(("readings", name, "adds"), reading.adds, scheme, {"nothing"} | named)
        yield from _codes((*path, "codes"), reading.codes, codes)
    for name, indicator in scheme.indicators.items():
        yield from _indicator(("indicators", name), indicator, scheme)
        if not isinstance(indicator, Combine | Tested):
            for filter_ in filters_of(indicator):
                yield from _filter(("indicators", name), filter_, scheme, codes)
    for index, hypothesis in enumerate(scheme.hypotheses):
        path = ("hypotheses", index)
        for condition, value in hypothesis.when.items():
            yield from _is_value((*path, "when", condition), condition, value, scheme)
        if scheme.outcome:
            yield from _is_value((*path, "expect"), scheme.outcome, hypothesis.expect, scheme)
    for name in (*scheme.conditions, *([scheme.outcome] if scheme.outcome else [])):
        if name not in scheme.indicators:
            yield ("conditions",), f'no indicator "{name}"', ""
    for name, calibration in scheme.calibration.items():
        for value in (*calibration.fuzzy, calibration.crisp_from):
            yield from _is_value(("calibration", name), name, value, scheme)
    yield from _circles(scheme)


def _settings(scheme: Scheme) -> Iterator[Mistake]:
    for name, setting in scheme.settings.items():
        if setting.default not in setting.range:
            yield (
                ("settings", name, "default"),
                f"default {setting.default} is not in the range",
                "add it to the range",
            )
    for path, used in _uses((), scheme):
        for name in references(used):
            if name not in scheme.settings:
                yield path, f'no setting "{name}"', "declare it under `settings`"
            elif isinstance(used, By):
                missing = [str(v) for v in scheme.settings[name].range if str(v) not in used.when]
                if missing:
                    yield path, f"nothing said for {name} = {', '.join(missing)}", "add it to `when`"


def _uses(path: Path_, value: Any) -> Iterator[tuple[Path_, Any]]:
    """Yield every place that refers to a setting."""
    if isinstance(value, By) or (isinstance(value, str) and value.startswith("$")):
        yield path, value
    elif isinstance(value, tuple | list):
        for index, item in enumerate(value):
            yield from _uses((*path, index), item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _uses((*path, key), item)
    elif hasattr(type(value), "model_fields"):
        for key in type(value).model_fields:
            yield from _uses((*path, key), getattr(value, key))


def _indicator(path: Path_, indicator: IndicatorModel, scheme: Scheme) -> Iterator[Mistake]:
    scale = list(indicator.scale)
    if len(set(scale)) != len(scale):
        yield (*path, "scale"), "a value stands twice in the scale", "keep one"
    match indicator:
        case Distinct(levels=levels) | Share(at_least=levels):
            yield from _rising((*path, "levels"), list(levels), scale)
        case Highest():
            yield from _rising((*path, "levels"), list(indicator.levels), scale)
            yield from _words((*path, "reading"), indicator.reading, scheme, {"highest", "cumulative"})
        case Exchange():
            yield from _words(
                (*path, "logic"), indicator.logic, scheme, {"either", "provision", "substitution"}
            )
        case Combine():
            yield from _combine(path, indicator, scheme)
        case Tested():
            if indicator.outcome not in scheme.indicators:
                yield (*path, "outcome"), f'no indicator "{indicator.outcome}"', ""
            yield from _words((*path, "untested"), indicator.untested, scheme, {"not_observed", "omit"})
        case Asserted() if len(scale) < 2:
            yield (*path, "scale"), "a scale has at least two values", ""
        case _:
            pass
    if isinstance(indicator, Share):
        yield from _words((*path, "comparator"), indicator.comparator, scheme, {"fixed", "moving"})


def _combine(path: Path_, indicator: Combine, scheme: Scheme) -> Iterator[Mistake]:
    for index, part in enumerate(indicator.parts):
        if part not in scheme.indicators:
            yield (*path, "parts", index), f'no indicator "{part}"', ""
            continue
        points = indicator.points.get(part)
        for value in scheme.indicators[part].scale:
            point = points.get(value) if points else value
            if point not in indicator.scale and not _only_table(indicator, scheme):
                yield (*path, "points"), f"{part} = {value} has no value on this scale", "add it to `points`"
    yield from _words((*path, "rule"), indicator.rule, scheme, RULES | set(indicator.parts))
    for index, row in enumerate(indicator.table):
        if row.value not in indicator.scale:
            yield (*path, "table", index), f'"{row.value}" is not in the scale', ""
        for part in row.when:
            if part not in indicator.parts:
                yield (*path, "table", index), f'"{part}" is none of the parts', ""
    rules = possible(indicator.rule, scheme)
    if "table" in rules and not (indicator.table and not indicator.table[-1].when):
        yield (
            (*path, "table"),
            "the table leaves combinations open",
            "end it with a row `{when: {}, value: …}`",
        )


def _only_table(indicator: Combine, scheme: Scheme) -> bool:
    return set(possible(indicator.rule, scheme)) <= {"table", "hypotheses"}


def _rising(path: Path_, named: list[str], scale: list[str]) -> Iterator[Mistake]:
    if named != scale[1:]:
        yield (
            path,
            f"levels are {', '.join(named)}",
            f"name {', '.join(scale[1:])}, as in the scale; its first value holds where none is reached",
        )


def _filter(path: Path_, filter_: Filter, scheme: Scheme, codes: frozenset[str] | None) -> Iterator[Mistake]:
    if not filter_.codes:
        yield path, "a filter without codes", "say `codes: [...]`"
    yield from _codes(path, filter_.codes, codes)
    yield from _words(path, filter_.subject, scheme, SUBJECTS)
    yield from _words(path, filter_.members, scheme, {"count", "exclude"})
    yield from _words(path, filter_.status, scheme, {None, *values_of(Status)})
    yield from _words(path, filter_.basis, scheme, {None, "machine", "reviewed"})
    yield from _words(path, filter_.forms, scheme, {None, *scheme.lists})
    if filter_.held_by == "anyone" and filter_.document_of != "pair":
        yield path, "held_by: anyone counts only in documents of the pair", "add `document_of: pair`"


def _words(path: Path_, value: Any, scheme: Scheme, allowed: Iterable[Any]) -> Iterator[Mistake]:
    allowed = set(allowed)
    for word in possible(value, scheme):
        if word not in allowed:
            known = ", ".join(sorted(str(item) for item in allowed if item is not None))
            yield path, f'"{word}" means nothing here', f"it can be {known}"


def _codes(path: Path_, named: tuple[str, ...], codes: frozenset[str] | None) -> Iterator[Mistake]:
    for code in named:
        if codes is not None and code not in codes:
            yield path, f'no code "{code}" in codebook.yaml', ""


def _is_value(path: Path_, indicator: str, value: str, scheme: Scheme) -> Iterator[Mistake]:
    if indicator not in scheme.indicators:
        yield path, f'no indicator "{indicator}"', ""
    elif value not in scheme.indicators[indicator].scale:
        yield path, f'"{value}" is not in the scale of {indicator}', ""


def _circles(scheme: Scheme) -> Iterator[Mistake]:
    for name in scheme.indicators:
        waiting, seen = list(scheme.parts(name)), set[str]()
        while waiting:
            part = waiting.pop()
            if part == name:
                yield ("indicators", name), f"{name} is made of itself", "take it out of its parts"
                break
            if part in scheme.indicators and part not in seen:
                seen.add(part)
                waiting.extend(scheme.parts(part))
