"""Figures as SVG text: they need no script, scale in print, and can be read aloud."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

LEVEL_COLOURS = {
    "agreement": "#7a4e9c",
    "action.information_sharing": "#8db9d8",
    "action.policy_coordination": "#4a90c2",
    "action.joint_decision": "#1f6398",
    "action.joint_implementation": "#0b3558",
}


@dataclass(frozen=True)
class Mark:
    """Something that happened in a year, in the lane of a case."""

    lane: str
    year: float
    kind: str
    text: str


def timeline(
    lanes: Sequence[tuple[str, str]], marks: Sequence[Mark], names: dict[str, str], label: str
) -> str:
    """Draw one lane for each (id, name) and the marks on it; equal years are stacked.

    Returns an SVG element, or "" where there is nothing to draw.
    """
    marks = sorted(
        {(m.lane, m.year, m.kind): m for m in marks}.values(), key=lambda m: (m.year, m.kind, m.text)
    )
    if not marks:
        return ""
    first, last = int(min(m.year for m in marks)), int(max(m.year for m in marks)) + 1
    span = max(last - first, 1)
    left, width, radius = 110, 900, 6.5

    def x(year: float) -> float:
        return left + (year - first) / span * (width - left - 20)

    rows = list(names)
    lane_height = 26 + 16 * len(rows)
    height = lane_height * len(lanes) + 62
    out = [
        f'<svg class="figure" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}" '
        'xmlns="http://www.w3.org/2000/svg">'
    ]
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100) if span / s <= 12)
    for year in range(first + -first % step, last + 1, step):  # round years
        across = f"{x(year):.1f}"
        out.append(f'<line x1="{across}" y1="8" x2="{across}" y2="{height - 54}" class="grid"/>')
        below = f'x="{across}" y="{height - 38}" class="tick" text-anchor="middle"'
        out.append(f"<text {below}>{year}</text>")
    for number, (lane, name) in enumerate(lanes):
        top = 8 + number * lane_height
        out.append(_rule(top + lane_height - 4, width))
        out.append(f'<text x="0" y="{top + lane_height / 2 + 4:.0f}" class="name">{escape(name)}</text>')
        for mark in marks:
            if mark.lane == lane and mark.kind in rows:
                y = top + 18 + 16 * rows.index(mark.kind)
                disc = f'cx="{x(mark.year):.1f}" cy="{y}" r="{radius}" fill="{LEVEL_COLOURS[mark.kind]}"'
                out.append(f"<circle {disc}><title>{escape(mark.text)}</title></circle>")
    at = left
    for kind, name in names.items():
        out.append(f'<circle cx="{at}" cy="{height - 12}" r="5" fill="{LEVEL_COLOURS[kind]}"/>')
        out.append(f'<text x="{at + 10}" y="{height - 8}" class="key">{escape(name)}</text>')
        at += 34 + sum(13 if ord(c) > 0x2E80 else 7 for c in name)
    return "".join([*out, "</svg>"])


def profile(
    rows: Sequence[tuple[str, str]],
    columns: Sequence[str],
    counts: dict[tuple[str, str], tuple[int, int]],
    label: str,
) -> str:
    """Draw for each row (code, name) and organisation a disc whose area is the number affirmed.

    `counts` maps (code, organisation) to (affirmed, rejected); rejections are a red ring. Returns an
    SVG element, or "" where there is nothing to draw.
    """
    if not counts or not columns:
        return ""
    most = max(sum(pair) for pair in counts.values())
    left, column_width, row_height = 250, 96, 46
    width, height = left + column_width * len(columns), 40 + row_height * len(rows)
    out = [
        f'<svg class="figure" viewBox="0 0 {width} {height}" style="max-width:{width}px" role="img" '
        f'aria-label="{escape(label)}" xmlns="http://www.w3.org/2000/svg">'
    ]
    for number, organisation in enumerate(columns):
        middle = left + column_width * (number + 0.5)
        out.append(
            f'<text x="{middle:.0f}" y="20" class="name" text-anchor="middle">{escape(organisation)}</text>'
        )
    for line, (code, name) in enumerate(rows):
        y = 40 + row_height * (line + 0.5)
        out.append(_rule(y + row_height / 2, width))
        out.append(f'<text x="0" y="{y + 4:.0f}" class="key">{escape(name)}</text>')
        for number, organisation in enumerate(columns):
            affirmed, rejected = counts.get((code, organisation), (0, 0))
            if not affirmed + rejected:
                continue
            x = left + column_width * (number + 0.5)
            radius = 4 + 15 * ((affirmed + rejected) / most) ** 0.5
            ring = ' stroke="#c0392b" stroke-width="3"' if rejected else ""
            fill = "#1f6398" if affirmed else "#ffffff"
            said = f"{name}, {organisation}: {affirmed} / {rejected}"
            disc = f'cx="{x:.0f}" cy="{y:.0f}" r="{radius:.1f}" fill="{fill}"{ring}'
            out.append(f"<circle {disc}><title>{escape(said)}</title></circle>")
            beside = f'x="{x + radius + 6:.0f}" y="{y + 4:.0f}"'
            out.append(f'<text {beside} class="tick">{affirmed + rejected}</text>')
    return "".join([*out, "</svg>"])


def _rule(y: float, width: int) -> str:
    return f'<line x1="0" y1="{y:.0f}" x2="{width}" y2="{y:.0f}" class="lane"/>'
