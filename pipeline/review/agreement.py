"""How far people agree, beyond chance.

Krippendorff's alpha with nominal, ordinal or interval distances (Krippendorff 2011, "Computing
Krippendorff's alpha-reliability"); Gwet's AC1 and AC2 (Gwet 2014, Handbook of Inter-Rater Reliability),
which do not collapse where one value is rare; and percent agreement. Intervals come from a bootstrap
over units with a fixed seed, so that they are the same on every run.

Ratings are a matrix of coders by units, with None where a coder did not see a unit.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pipeline.model import Record
from pipeline.review.evaluate import Estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

Level = Literal["nominal", "ordinal", "interval"]
Rating = str | float | None
Ratings = Sequence[Sequence[Rating]]
DRAWS = 1000


class Reliability(Record, frozen=True, kw_only=True):
    """Agreement among coders on units; a measure is None where it is not defined."""

    units: int
    """Units that two or more coders rated."""
    percent: Estimate | None
    """Share of pairs of ratings of one unit that are equal."""
    alpha: Estimate | None
    """Krippendorff's alpha; None where all ratings are the same value, so that chance has no say."""
    ac: Estimate | None
    """Gwet's AC1 (nominal) or AC2 (weighted by distance)."""


def reliability(ratings: Ratings, level: Level = "nominal", scale: Sequence[Rating] = ()) -> Reliability:
    """Return the agreement of coders; `scale` gives the values in order, for ordinal ratings of words.

    Without a scale the values found are taken, sorted. An ordinal scale counts every value it has, also
    those nobody used.
    """
    values = list(scale) or sorted({one for row in ratings for one in row if one is not None}, key=_order)
    counts = _counts(ratings, values)
    counts = counts[counts.sum(axis=1) >= 1]
    units = int((counts.sum(axis=1) >= 2).sum())
    if not units:
        return Reliability(units=0, percent=None, alpha=None, ac=None)
    weights = _weights(values, level)
    # units rated alike are one row with its number: large corpora have few kinds of rows
    kinds, times = np.unique(counts, axis=0, return_counts=True)
    drawn = np.random.default_rng(0).multinomial(times.sum(), times / times.sum(), size=DRAWS)

    def estimate(measure: "Measure") -> Estimate | None:
        value = measure(kinds, times)
        if value is None:
            return None
        again = [one for sample in drawn if (one := measure(kinds, sample)) is not None]
        low, high = np.quantile(again, [0.025, 0.975]) if again else (value, value)
        return Estimate(value=round(value, 4), low=round(float(low), 4), high=round(float(high), 4))

    return Reliability(
        units=units,
        percent=estimate(_percent),
        alpha=estimate(lambda kinds, times: _alpha(kinds, times, values, level)),
        ac=estimate(lambda kinds, times: _gwet(kinds, times, weights)),
    )


def alpha(ratings: Ratings, level: Level = "nominal", scale: Sequence[Rating] = ()) -> float | None:
    """Return Krippendorff's alpha alone; None where it is not defined."""
    values = list(scale) or sorted({one for row in ratings for one in row if one is not None}, key=_order)
    counts = _counts(ratings, values)
    return _alpha(counts, counts.sum(axis=1) >= 1, values, level)


if TYPE_CHECKING:
    from collections.abc import Callable

    Measure = Callable[[Matrix, NDArray[Any]], float | None]


def _order(value: Rating) -> tuple[bool, float, str]:
    return (isinstance(value, str), 0.0 if isinstance(value, str) else float(value or 0), str(value))


def _counts(ratings: Ratings, values: Sequence[Rating]) -> "Matrix":
    """Return for each unit how many coders gave each value."""
    place = {value: column for column, value in enumerate(values)}
    units = max((len(row) for row in ratings), default=0)
    counts = np.zeros((units, len(values)))
    for row in ratings:
        for unit, value in enumerate(row):
            if value is not None:
                counts[unit, place[value]] += 1
    return counts


def _squared_distances(values: Sequence[Rating], level: Level, totals: "Matrix | None" = None) -> "Matrix":
    """Return the squared difference of each pair of values; for ordinal ones by the ratings between them."""
    size = len(values)
    if level == "nominal":
        return 1 - np.eye(size)
    if level == "interval":
        numbers = np.array([float(value) for value in values if value is not None])
        return np.asarray((numbers[:, None] - numbers[None, :]) ** 2)
    totals = np.ones(size) if totals is None else totals
    reach = np.cumsum(totals) - totals / 2
    return np.asarray((reach[:, None] - reach[None, :]) ** 2)


def _weights(values: Sequence[Rating], level: Level) -> "Matrix":
    """Return how much each pair of values agrees, 0 to 1, as Gwet weighs nominal, ordinal and interval."""
    if level == "ordinal":
        apart = np.abs(np.subtract.outer(np.arange(len(values)), np.arange(len(values))))
        distance = np.asarray(apart * (apart + 1) / 2)
    else:
        distance = _squared_distances(values, level)
    return np.asarray(1 - distance / (distance.max() or 1))


def _alpha(kinds: "Matrix", times: "NDArray[Any]", values: Sequence[Rating], level: Level) -> float | None:
    """One less the observed disagreement over that expected by chance."""
    raters = kinds.sum(axis=1)
    paired = raters >= 2
    kinds, times, raters = kinds[paired], times[paired], raters[paired]
    totals = times @ kinds
    ratings = totals.sum()
    if ratings < 2:
        return None
    distance = _squared_distances(values, level, totals)
    within = (kinds @ distance * kinds).sum(axis=1)  # equal values are at distance 0
    observed = (times * within / (raters - 1)).sum() / ratings
    expected = (totals @ distance @ totals) / (ratings * (ratings - 1))
    return float(1 - observed / expected) if expected > 0 else None


def _percent(kinds: "Matrix", times: "NDArray[Any]") -> float | None:
    raters = kinds.sum(axis=1)
    times = np.where(raters >= 2, times, 0)
    equal = (kinds * (kinds - 1)).sum(axis=1) / np.maximum(raters * (raters - 1), 1)
    return float((times * equal).sum() / times.sum()) if times.sum() else None


def _gwet(kinds: "Matrix", times: "NDArray[Any]", weights: "Matrix") -> float | None:
    """Weighted agreement above the chance that coders who guess would agree on a hard unit.

    Units that one coder alone rated say how common each value is, and no more.
    """
    size, raters = kinds.shape[1], kinds.sum(axis=1)
    twice = np.where(raters >= 2, times, 0)
    if size < 2 or not twice.sum():
        return None
    agreeing = (kinds * (kinds @ weights - 1)).sum(axis=1) / np.maximum(raters * (raters - 1), 1)
    observed = (twice * agreeing).sum() / twice.sum()
    share = times @ (kinds / raters[:, None]) / times.sum()
    chance = weights.sum() / (size * (size - 1)) * (share * (1 - share)).sum()
    return float((observed - chance) / (1 - chance)) if chance < 1 else None
