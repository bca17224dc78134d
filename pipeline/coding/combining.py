"""Indicators made of others: combination rules, the prediction, and the verdict on hypotheses."""

from collections.abc import Mapping, Sequence
from itertools import product

from pipeline.coding.findings import Finding, listed, plain
from pipeline.rules.scheme import Combine, Hypothesis, Scheme, Settings, Tested, text_of

UNKNOWN = frozenset({"not_reviewed", "no_documents"})
"""States in which the value could be anything; nothing observed, in contrast, reads as the lowest."""


def combined_value(rule: str, values: Sequence[str | None], indicator: Combine, scheme: Scheme) -> str:
    """Return the value that a rule makes of the parts' values; None stands for nothing observed.

    The rules are defined for every combination: what was not observed reads as the lowest value,
    except that `lexicographic` passes over it.
    """
    scale, parts = indicator.scale, indicator.parts
    points = [_point(indicator, part, value, scheme) for part, value in zip(parts, values, strict=True)]
    if rule in parts:
        return points[parts.index(rule)]
    if rule == "lexicographic":
        return next((p for p, v in zip(points, values, strict=True) if v is not None), scale[0])
    if rule == "table":
        given = dict(zip(parts, points, strict=True))
        return next(r.value for r in indicator.table if all(given[part] == v for part, v in r.when.items()))
    if rule == "hypotheses":
        given = dict(zip(parts, points, strict=True))
        fitting = fitting_hypothesis(given, scheme.hypotheses)
        return fitting.expect if fitting else scale[0]
    places = [scale.index(point) for point in points]
    if rule == "mean":
        return scale[sum(places) // len(places)]
    return scale[min(places) if rule == "min" else max(places)]


def _point(indicator: Combine, part: str, value: str | None, scheme: Scheme) -> str:
    """Return a part's value on the scale of the combination; not observed reads as the part's lowest."""
    known = scheme.indicators[part].scale[0] if value is None else value
    return indicator.points.get(part, {}).get(known, known)


def fitting_hypothesis(values: Mapping[str, str], hypotheses: Sequence[Hypothesis]) -> Hypothesis | None:
    """Return the hypothesis whose conditions are these values."""
    return next(
        (h for h in hypotheses if all(values.get(name) == wanted for name, wanted in h.when.items())), None
    )


def combine(indicator: Combine, parts: Mapping[str, Finding], scheme: Scheme, settings: Settings) -> Finding:
    """Return what the parts' findings amount to.

    A part that waits for review or has no documents could have any value: the combination is coded
    only if it comes out the same whatever that value is.
    """
    findings = [parts[part] for part in indicator.parts]
    rule = text_of(indicator.rule, settings)
    states = {finding.state for finding in findings}
    if states <= {"not_observed"}:
        reason = f"Nothing was observed for {listed(map(_name, indicator.parts))}."
        return Finding(None, "not_observed", reason, missing=_first_missing(findings))
    if states == {"no_documents"}:
        return findings[0]
    choices = [
        list(scheme.indicators[part].scale) if finding.state in UNKNOWN else [finding.value]
        for part, finding in zip(indicator.parts, findings, strict=True)
    ]
    results = {combined_value(rule, values, indicator, scheme) for values in product(*choices)}
    said = listed(
        f"{_name(part)} {_said(finding)}" for part, finding in zip(indicator.parts, findings, strict=True)
    )
    if len(results) > 1:
        state = "not_reviewed" if "not_reviewed" in states else "no_documents"
        return Finding(None, state, f"It stays open: {said}.", missing=_first_missing(findings))  # type: ignore[arg-type]
    value = results.pop()
    used = [
        finding
        for part, finding in zip(indicator.parts, findings, strict=True)
        if rule not in indicator.parts or part == rule
    ]
    if all(finding.state == "not_observed" for finding in used):
        return Finding(None, "not_observed", f"Nothing was observed for the part that decides: {said}.",
                       missing=_first_missing(used))  # fmt: skip
    absent = all(finding.state in ("absent", "not_observed") for finding in used)
    return Finding(
        value,
        "absent" if absent else "coded",
        f"{said.capitalize() if said[:1].isascii() else said} {_rule_words(rule)} {plain(value)}.",
        missing=_missing(indicator, rule, findings, value, scheme),
        flags=_discordance(indicator, findings, scheme),
    )


def _name(part: str) -> str:
    return part.replace(".", " ").replace("_", " ")


def _said(finding: Finding) -> str:
    if finding.value is None:
        return f"({plain(finding.state)})"
    return f"{plain(finding.value)}" + (" (absent)" if finding.state == "absent" else "")


def _rule_words(rule: str) -> str:
    words = {
        "min": "make, by the lowest of them,",
        "max": "make, by the highest of them,",
        "mean": "make, in the middle,",
        "lexicographic": "make, the first deciding,",
        "table": "make, by the table of the scheme,",
        "hypotheses": "lead one to expect",
    }
    return words.get(rule, f"make, {_name(rule)} deciding,")


def _first_missing(findings: Sequence[Finding]) -> str:
    return next((finding.missing for finding in findings if finding.missing), "")


def _missing(indicator: Combine, rule: str, findings: Sequence[Finding], value: str, scheme: Scheme) -> str:
    """Name the smallest rise of the parts that would raise the value."""
    if not indicator.scale or value == indicator.scale[-1]:
        return ""
    place = indicator.scale.index(value)
    scales = [scheme.indicators[part].scale for part in indicator.parts]
    now = [scale.index(f.value) if f.value in scale else 0 for scale, f in zip(scales, findings, strict=True)]
    best: tuple[int, tuple[int, ...]] | None = None
    for places in product(*(range(start, len(scale)) for start, scale in zip(now, scales, strict=True))):
        steps = sum(places) - sum(now)
        if steps == 0 or (best is not None and (steps, places) >= best):
            continue
        values = [scale[index] for scale, index in zip(scales, places, strict=True)]
        result = combined_value(rule, values, indicator, scheme)
        if indicator.scale.index(result) > place:
            best = (steps, places)
    if best is None:
        return ""
    wanted = [
        f"{_name(part)} {plain(scale[then])}"
        + (f" ({finding.missing})" if finding.missing and then == before + 1 else "")
        for part, scale, then, before, finding in zip(
            indicator.parts, scales, best[1], now, findings, strict=True
        )
        if then > before
    ]
    return listed(wanted)


def _discordance(indicator: Combine, findings: Sequence[Finding], scheme: Scheme) -> tuple[str, ...]:
    """Flag parts that differ by two steps of the scale, or by all of a shorter one."""
    points = [
        _point(indicator, part, f.value, scheme)
        for part, f in zip(indicator.parts, findings, strict=True)
        if f.value is not None
    ]
    places = [indicator.scale.index(point) for point in points if point in indicator.scale]
    if len(places) < 2 or len(places) < len(points):
        return ()
    apart = max(places) - min(places)
    return ("discordant",) if apart >= min(2, len(indicator.scale) - 1) else ()


def tested_hypothesis(indicator: Tested, findings: Mapping[str, Finding], scheme: Scheme) -> Finding:
    """Return which hypothesis a case tests and whether its outcome is the expected one."""
    names = sorted({name for hypothesis in scheme.hypotheses for name in hypothesis.when})
    values = {name: findings[name].value for name in names}
    outcome = findings[indicator.outcome]
    open_parts = [name for name in (*names, indicator.outcome) if findings[name].value is None]
    if open_parts:
        blocking = findings[open_parts[0]]
        reason = f"No hypothesis can be tested: {_name(open_parts[0])} is {plain(blocking.state)}."
        return Finding(None, blocking.state, reason, missing=blocking.missing)
    fitting = fitting_hypothesis({name: value for name, value in values.items() if value}, scheme.hypotheses)
    said = listed(f"{_name(name)} {plain(value)}" for name, value in values.items() if value)
    if fitting is None:
        return Finding(None, "not_observed", f"No hypothesis speaks of {said}.")
    held = outcome.value == fitting.expect
    reason = (
        f"Hypothesis {fitting.number} ({said}) expects {plain(indicator.outcome)} {fitting.expect}; "
        f"it is {outcome.value}, so the case {'supports' if held else 'does not support'} it."
    )
    return Finding("supported" if held else "not_supported", "coded", reason, number=fitting.number)


def untested(scheme: Scheme, tested: set[int]) -> list[Finding]:
    """Return the hypotheses that no case tests, each as not observed: never supported, never refuted."""
    found = []
    for hypothesis in scheme.hypotheses:
        if hypothesis.number not in tested:
            wanted = listed(f"{_name(name)} {plain(value)}" for name, value in hypothesis.when.items())
            reason = (
                f"No case has {wanted}, so hypothesis {hypothesis.number} is neither supported nor refuted."
            )
            missing = f"a case with {wanted}"
            found.append(Finding(None, "not_observed", reason, number=hypothesis.number, missing=missing))
    return found
