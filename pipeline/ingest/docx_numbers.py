"""The numbers that Word shows but does not store: worked out from list definitions as Word does."""

from typing import TYPE_CHECKING

from pipeline.ingest.numbering import write

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_FORMATS = {
    "decimal": "1", "decimalZero": "1", "lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I",
    "chineseCounting": "一", "chineseCountingThousand": "一", "ideographDigital": "一", "japaneseCounting": "一",
    "taiwaneseCounting": "一", "taiwaneseCountingThousand": "一", "ideographTraditional": "甲", "ideographZodiac": "子",
}  # fmt: skip


class Numbering:
    """Counts the numbered paragraphs of a document, one after the other."""

    def __init__(self, numbering: "_Element | None", styles: "_Element | None") -> None:
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        """By list id and level: format, text with %1 places, start."""
        self.shared: dict[str, str] = {}
        """Lists that count together, by list id: those of one abstract definition."""
        self.counters: dict[tuple[str, int], int] = {}
        self.started: set[tuple[str, int]] = set()
        self.overrides: dict[tuple[str, int], int] = {}
        self.by_style = _style_lists(styles)
        if numbering is not None:
            self._read(numbering)

    def _read(self, numbering: "_Element") -> None:
        abstract = {item.get(f"{W}abstractNumId", ""): item for item in numbering.findall(f"{W}abstractNum")}
        for item in numbering.findall(f"{W}num"):
            number = item.get(f"{W}numId", "")
            reference = item.find(f"{W}abstractNumId")
            base = reference.get(f"{W}val", "") if reference is not None else ""
            self.shared[number] = base
            levels = dict(_levels(abstract[base])) if base in abstract else {}
            for override in item.findall(f"{W}lvlOverride"):
                level = int(override.get(f"{W}ilvl", "0"))
                start = override.find(f"{W}startOverride")
                if start is not None:
                    self.overrides[number, level] = int(start.get(f"{W}val", "1"))
                levels |= dict(_levels(override))
            self.levels[number] = levels

    def label(self, properties: "_Element | None", style: str) -> str:
        """Return the number Word shows before the paragraph, counting it; "" where it has none."""
        number, level = self._list_of(properties, style)
        levels = self.levels.get(number)
        if not levels or level not in levels:
            return ""
        base = self.shared[number]
        if (number, level) in self.overrides and (number, level) not in self.started:
            self.counters[base, level] = self.overrides[number, level] - 1
        self.started.add((number, level))
        start = levels[level][2]
        self.counters[base, level] = self.counters.get((base, level), start - 1) + 1
        for deeper in [key for key in self.counters if key[0] == base and key[1] > level]:
            del self.counters[deeper]
        form, text, _ = levels[level]
        if form in ("bullet", "none"):
            return "•" if form == "bullet" else ""
        for place in range(level + 1):
            shape = levels.get(place, ("decimal", "", 1))
            value = self.counters.get((base, place), shape[2])
            text = text.replace(f"%{place + 1}", write(value, _FORMATS.get(shape[0], "1")))
        return text.strip()

    def _list_of(self, properties: "_Element | None", style: str) -> tuple[str, int]:
        direct = properties.find(f"{W}numPr") if properties is not None else None
        inherited = self.by_style.get(style, ("", 0))
        if direct is None:
            return inherited
        number, level = direct.find(f"{W}numId"), direct.find(f"{W}ilvl")
        return (
            number.get(f"{W}val", "") if number is not None else inherited[0],
            int(level.get(f"{W}val", "0")) if level is not None else inherited[1],
        )


def _levels(element: "_Element") -> list[tuple[int, tuple[str, str, int]]]:
    found = []
    for level in element.findall(f"{W}lvl"):
        form, text, start = (level.find(f"{W}{name}") for name in ("numFmt", "lvlText", "start"))
        found.append((
            int(level.get(f"{W}ilvl", "0")),
            (
                form.get(f"{W}val", "decimal") if form is not None else "decimal",
                text.get(f"{W}val", "") if text is not None else "",
                int(start.get(f"{W}val", "1")) if start is not None else 1,
            ),
        ))  # fmt: skip
    return found


def _style_lists(styles: "_Element | None") -> dict[str, tuple[str, int]]:
    """Return the list and level that each paragraph style brings, its own or its parent's."""
    if styles is None:
        return {}
    own: dict[str, tuple[str, int]] = {}
    parents: dict[str, str] = {}
    for style in styles.iter(f"{W}style"):
        name = style.get(f"{W}styleId", "")
        if (parent := style.find(f"{W}basedOn")) is not None:
            parents[name] = parent.get(f"{W}val", "")
        number, level = style.find(f"{W}pPr/{W}numPr/{W}numId"), style.find(f"{W}pPr/{W}numPr/{W}ilvl")
        if number is not None:
            own[name] = (
                number.get(f"{W}val", ""),
                int(level.get(f"{W}val", "0")) if level is not None else 0,
            )
    for name in parents:
        seen, at = set(), name
        while at not in own and at in parents and at not in seen:
            seen.add(at)
            at = parents[at]
        if at in own:
            own.setdefault(name, own[at])
    return own
