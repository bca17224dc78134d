"""The coding scheme: from evidence to indicators, conditions, outcome and hypotheses, as data.

`rules/scheme.yaml` is a small language; docs/coding.md explains it. Wherever a value may depend on
a setting, the file says `$name`, or `{by: name, when: {value of the setting: value here}}`.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field

from pipeline.errors import UsageError
from pipeline.model import DocumentKind, PassageKind, Polarity, Role, Status, digest
from pipeline.rules.cases import Wording
from pipeline.rules.loading import Model

Scalar = Annotated[int | float | str, Field(union_mode="left_to_right")]
Settings = Mapping[str, int | float | str]
SettingName = Annotated[str, Field(pattern=r"^[a-z][a-z_]*(\.[a-z][a-z_]*)*$")]
Reference = Annotated[str, Field(pattern=r"^\$[a-z][a-z_.]*$")]


class By(Model):
    """A value that follows a setting: `{by: setting, when: {its value: the value here}}`."""

    by: str
    when: dict[str, Scalar]


Text = Annotated[By | str, Field(union_mode="left_to_right")]
Number = Annotated[By | int | float | Reference, Field(union_mode="left_to_right")]


class Setting(Model):
    """An open choice: what it is by default, what else it could be, and why."""

    choice: int | None = None
    """Number of the choice in docs/coding.md, where the published measurement leaves it open."""
    default: Scalar
    range: Annotated[tuple[Scalar, ...], Field(min_length=1)]
    """Every value it may take when robustness is reported, the default among them."""
    reason: str
    swept: bool = True
    """Whether robustness runs through the range, or keeps the default."""

    def accept(self, value: Scalar) -> Scalar | None:
        """Return the value in the setting's own type; None where it cannot be.

        Words must be in the range; numbers may lie between its ends.
        """
        for known in self.range:
            if str(known) == str(value):
                return known
        numbers = [known for known in self.range if isinstance(known, int | float)]
        if len(numbers) < len(self.range):
            return None
        try:
            number = float(value)
        except ValueError:
            return None
        if all(isinstance(known, int) for known in numbers):
            if not number.is_integer():
                return None
            number = int(number)
        return number if min(numbers) <= number <= max(numbers) else None


class Reading(Model):
    """How a kind of evidence is to be read, recognised by its words: a handover, a bridging operation."""

    reason: str
    codes: tuple[str, ...]
    role: Role | None = None
    status: Status | None = None
    words: Annotated[tuple[str, ...], Field(min_length=1)]
    """Any of them, in either language; a `*` at the end of a word allows any ending."""
    within: Literal["trigger", "quote"] = "quote"
    becomes: Text = "keep"
    """`keep`, `ignore`, or the code as which it counts instead."""
    becomes_status: Status | None = None
    adds: Text = "nothing"
    """`nothing`, or the code as which it counts as well."""
    adds_role: Role | None = None


HeldBy = Literal["pair", "partner", "focal", "others", "anyone"]


class Filter(Model):
    """Which evidence counts; everything that is said must hold."""

    codes: tuple[str, ...] = ()
    held_by: HeldBy = "pair"
    """Whose act: both; the partner; the first organisation; others than the partner; or anyone's, in a
    document of the pair (`document_of: pair` must be set)."""
    members: Text = "exclude"
    """`count`: what member states of the partner do counts as the partner's."""
    status: Text | None = None
    """The weakest status that counts: performed, committed, called_for."""
    role: Role | None = None
    polarity: Polarity | None = None
    """Evidence without a polarity counts as affirmed."""
    subject: Text = "any"
    """`operations`: only with words of peace operations near; `operations_or_theatre`: or in the case's
    theatre; `operations_document`: in a document on peace operations (see `Scheme.substance`); `any`."""
    theatre: Literal["general_too", "required", "any"] = "general_too"
    """Evidence placed elsewhere never counts, except for `any`; `required` leaves out what names no place."""
    window: str = ""
    """Which years of the case apply: the name of a window, `always`, or nothing for the case's years."""
    since: int | None = None
    until: int | None = None
    document_kinds: tuple[DocumentKind | Literal["instrument"], ...] = ()
    document_of: HeldBy | None = None
    """Whose document: `pair` an instrument of both, `partner`, `focal`."""
    passage_kinds: tuple[PassageKind, ...] = ()
    sections: tuple[str, ...] = ()
    """Words of which one must occur in a heading above the passage."""
    forms: Text | None = None
    """Name of a list of instrument forms that count."""
    basis: Text | None = None
    """`reviewed` or `machine`, where it differs from the scheme's basis."""


class _Indicator(Model):
    title: Wording
    question: str
    """What is asked of the documents, in one sentence."""
    scale: tuple[str, ...] = ()
    """The values, lowest first; empty where they have no order."""
    detail: bool = False
    """A part that tables leave out unless asked."""


class Distinct(_Indicator):
    """How many different agreements the evidence names."""

    kind: Literal["distinct"]
    evidence: Filter
    own_documents: bool = False
    """Count instruments of the pair that are in the corpus themselves, mentioned elsewhere or not."""
    levels: dict[str, Number]
    """Value → number from which it holds, rising; the lowest value holds from 0."""


class Level(Model):
    """Evidence that reaches a level."""

    any: Annotated[tuple[Filter, ...], Field(min_length=1)]
    minimum_evidence: Number = 1
    minimum_documents: Number = 1


class Highest(_Indicator):
    """The highest level that the evidence attains."""

    kind: Literal["highest"]
    levels: Annotated[dict[str, Level], Field(min_length=1)]
    """Value → its evidence, lowest first; the scale's first value holds where there is none."""
    reading: Text = "highest"
    """`highest` attained, or `cumulative`: only as far as every lower level is attained too."""


class Presence(_Indicator):
    """Whether everything required is there: the second value of the scale if so, else the first."""

    kind: Literal["presence"]
    requires: Annotated[dict[str, Filter], Field(min_length=1)]
    minimum_evidence: Number = 1
    minimum_documents: Number = 1


class Share(_Indicator):
    """How large a part of the evidence speaks in favour."""

    kind: Literal["share"]
    in_favour: tuple[Filter, ...]
    against: tuple[Filter, ...]
    at_least: dict[str, Number]
    """Value → share from which it holds, rising; the lowest value needs none."""
    requires: dict[str, Filter] = Field(default_factory=dict)
    """What must be there besides for anything but the lowest value."""
    comparator: Text = "fixed"
    """`fixed`: the codes above; `moving`: of them those that the case names."""


class Exchange(_Indicator):
    """Whether one organisation lacks what the other supplies and nobody else does."""

    kind: Literal["exchange"]
    resources: Annotated[tuple[str, ...], Field(min_length=1)]
    need: Filter
    provision: Filter
    substitution: Filter
    logic: Text
    """`either`: low without provision or with a substitute; `provision`: the first only; `substitution`:
    the second only."""
    minimum: Number
    """How many of the resources must be needed, supplied and without substitute."""
    shares: dict[str, Number] = Field(default_factory=dict)
    """Resource → the stated share of the whole from which a provision is more than a token."""


class Asserted(_Indicator):
    """What the metadata of the pair's own instruments assert, the highest of them."""

    kind: Literal["asserted"]
    attribute: str
    document_kinds: tuple[DocumentKind | Literal["instrument"], ...] = ("instrument",)


class Profile(_Indicator):
    """Which codes the partner's evidence shows, named in the order of the filter."""

    kind: Literal["profile"]
    evidence: Filter
    minimum_evidence: Number = 1


class Row(Model):
    """A row of a combination table; a part that is not mentioned may have any value."""

    when: dict[str, str]
    value: str


class Combine(_Indicator):
    """A value made of other indicators of the same case."""

    kind: Literal["combine"]
    parts: Annotated[tuple[str, ...], Field(min_length=1)]
    rule: Text
    """`min`, `max`, `mean` (ties go down), `lexicographic` (the first part that was observed), `table`,
    `hypotheses` (what the fitting hypothesis expects), or the name of one part."""
    points: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Part → its values → values of this scale, where the scales differ."""
    table: tuple[Row, ...] = ()


class Tested(_Indicator):
    """Which hypothesis a case tests, and whether the outcome is the expected one."""

    kind: Literal["hypothesis"]
    outcome: str
    untested: Text = "not_observed"
    """What is reported for a hypothesis without a case: `not_observed`, or `omit`."""

    def reports_untested(self, settings: "Settings") -> bool:
        return text_of(self.untested, settings) == "not_observed"


Indicator = Annotated[
    Distinct | Highest | Presence | Share | Exchange | Asserted | Profile | Combine | Tested,
    Field(discriminator="kind"),
]
IndicatorModel = Distinct | Highest | Presence | Share | Exchange | Asserted | Profile | Combine | Tested
Leaf = Distinct | Highest | Presence | Share | Exchange | Asserted | Profile


class Hypothesis(Model):
    """Under which conditions which outcome is expected."""

    number: int
    when: dict[str, str]
    expect: str
    text: Wording


class Scope(Model):
    """How the scope of cases is applied."""

    years: Text = "apply"
    theatre: Text = "apply"
    documents: Text = "apply"


class Calibration(Model):
    """Fuzzy-set membership of an indicator's values, from 0 (out) to 1 (in), for QCA."""

    fuzzy: dict[str, float]
    crisp_from: str
    """The value from which a crisp set counts the case as a member."""


class Scheme(Model):
    """The whole of `scheme.yaml`."""

    title: Wording
    source: str = ""
    basis: Text = "machine"
    """`machine`: evidence counts until somebody rejects it; `reviewed`: only what somebody confirmed."""
    issue_reach: Text = "document"
    """How far words of peace operations may stand from the evidence: unit, heading, document (its title)."""
    substance: Number = 1
    """Pieces of evidence on peace operations that make a document one on them; its title alone does."""
    scope: Scope = Scope()
    lists: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    settings: dict[SettingName, Setting] = Field(default_factory=dict)
    readings: dict[str, Reading] = Field(default_factory=dict)
    indicators: dict[SettingName, Indicator]
    hypotheses: tuple[Hypothesis, ...] = ()
    conditions: tuple[str, ...] = ()
    outcome: str = ""
    calibration: dict[str, Calibration] = Field(default_factory=dict)

    @cached_property
    def hash(self) -> str:
        """What the scheme says, without its comments and layout."""
        return digest(self.model_dump_json().encode("utf-8"))[:16]

    def resolve(self, overrides: Mapping[str, Scalar] | None = None) -> dict[str, int | float | str]:
        """Return the value of every setting, defaults replaced by the overrides.

        Raises `UsageError` for a setting or a value that the scheme does not know.
        """
        values = {name: setting.default for name, setting in self.settings.items()}
        for name, value in (overrides or {}).items():
            setting = self.settings.get(name)
            if setting is None:
                raise UsageError(f'no setting "{name}"', remedy=f"there are {', '.join(sorted(values))}")
            accepted = setting.accept(value)
            if accepted is None:
                known = ", ".join(map(str, setting.range))
                raise UsageError(f'setting {name} cannot be "{value}"', remedy=f"it can be {known}")
            values[name] = accepted
        return values

    @cached_property
    def levels(self) -> tuple[tuple[str, IndicatorModel], ...]:
        """The indicators in an order in which every one comes after its parts."""
        done: dict[str, IndicatorModel] = {}

        def visit(name: str) -> None:
            if name not in done and name in self.indicators:
                for part in self.parts(name):
                    visit(part)
                done[name] = self.indicators[name]

        for name in self.indicators:
            visit(name)
        return tuple(done.items())

    def parts(self, name: str) -> tuple[str, ...]:
        """Return the indicators of which this one is made, directly."""
        indicator = self.indicators[name]
        if isinstance(indicator, Combine):
            return indicator.parts
        if isinstance(indicator, Tested):
            conditions = {part for hypothesis in self.hypotheses for part in hypothesis.when}
            return (indicator.outcome, *sorted(conditions))
        return ()

    @cached_property
    def settings_of(self) -> dict[str, tuple[str, ...]]:
        """Indicator → names of the settings that its value may depend on, sorted."""
        found: dict[str, set[str]] = {}
        everywhere = set(references([self.basis]))
        for name, indicator in self.levels:
            used = set(references(indicator.model_dump()))
            if isinstance(indicator, Combine | Tested):
                used.update(*(found[part] for part in self.parts(name)))
            else:
                used |= everywhere | self._settings_of_leaf(indicator)
            found[name] = used
        return {name: tuple(sorted(used)) for name, used in found.items()}

    def _settings_of_leaf(self, leaf: Leaf) -> set[str]:
        if isinstance(leaf, Asserted):
            return set(references([self.scope.years, self.scope.documents]))
        used = set(references(self.scope.model_dump()))
        if any(filter_.subject != "any" for filter_ in filters_of(leaf)) or isinstance(leaf, Distinct):
            used |= set(references([self.issue_reach, self.substance]))
        codes = {code for filter_ in filters_of(leaf) for code in filter_.codes}
        for reading in self.readings.values():
            if codes & set(possible_codes(reading)):
                used |= set(references(reading.model_dump()))
        return used


T = TypeVar("T")


def value_of(value: By | T, settings: Settings) -> T | int | float | str:
    """Return what a value of the scheme is under these settings."""
    if isinstance(value, By):
        return value.when[str(settings[value.by])]
    if isinstance(value, str) and value.startswith("$"):
        return settings[value[1:]]
    return value


def number_of(value: Any, settings: Settings) -> float:
    """Return a number of the scheme under these settings."""
    return float(value_of(value, settings))


def text_of(value: By | str, settings: Settings) -> str:
    """Return a word of the scheme under these settings."""
    return str(value_of(value, settings))


def references(data: Any) -> Iterator[str]:
    """Yield the names of the settings that a value, or anything inside it, refers to."""
    if isinstance(data, By):
        yield data.by
    elif isinstance(data, str):
        if data.startswith("$"):
            yield data[1:]
    elif isinstance(data, Mapping):
        if set(data) == {"by", "when"}:
            yield data["by"]
        for value in data.values():
            yield from references(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from references(value)


def possible_codes(reading: Reading) -> tuple[str, ...]:
    """Return every code that evidence under this reading may count as, its own among them."""
    found = dict.fromkeys(reading.codes)
    for value in (reading.becomes, reading.adds):
        words = value.when.values() if isinstance(value, By) else [value]
        found.update(dict.fromkeys(str(word) for word in words if "." in str(word)))
    return tuple(found)


def filters_of(leaf: Leaf) -> Iterator[Filter]:
    """Yield every filter of an indicator, with its codes."""
    match leaf:
        case Distinct() | Profile():
            yield leaf.evidence
        case Highest():
            for level in leaf.levels.values():
                yield from level.any
        case Presence():
            yield from leaf.requires.values()
        case Share():
            yield from (*leaf.in_favour, *leaf.against, *leaf.requires.values())
        case Exchange():
            for filter_ in (leaf.need, leaf.provision, leaf.substitution):
                yield filter_.model_copy(update={"codes": leaf.resources})
