"""Shares of a whole that a sentence states: 20 per cent, 百分之二十, a quarter, 2,500 of 9,900."""

import re

_NUMBER = r"\d+(?:[,   ]\d{3})*(?:\.\d+)?"
_PERCENT = re.compile(rf"({_NUMBER})\s*(?:%|％|per\s?cent\b|percent\b)", re.IGNORECASE)
_PERCENT_ZH = re.compile(r"百分之([〇零一二两三四五六七八九十百点\d.]+)")
_RATIO = re.compile(
    rf"\b({_NUMBER})(?:\s+[a-z-]+){{0,3}}?\s+(?:out\s+)?of\s+(?:the\s+|a\s+total\s+of\s+)?(?:about\s+|some\s+)?({_NUMBER})",
    re.IGNORECASE,
)
_WORDS = {
    "half": 1 / 2, "a third": 1 / 3, "one third": 1 / 3, "one-third": 1 / 3,
    "two thirds": 2 / 3, "two-thirds": 2 / 3, "a quarter": 1 / 4, "one quarter": 1 / 4, "one-quarter": 1 / 4,
    "three quarters": 3 / 4, "three-quarters": 3 / 4, "a fifth": 1 / 5, "one fifth": 1 / 5,
    "one-fifth": 1 / 5,
    "a tenth": 1 / 10, "one tenth": 1 / 10, "one-tenth": 1 / 10,
    "一半": 1 / 2, "三分之一": 1 / 3, "三分之二": 2 / 3, "四分之一": 1 / 4, "四分之三": 3 / 4,
    "五分之一": 1 / 5, "十分之一": 1 / 10,
}  # fmt: skip
_WORD = re.compile("|".join(rf"\b{word}\b" if word.isascii() else word for word in _WORDS), re.IGNORECASE)
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def stated_share(text: str) -> float | None:
    """Return the largest share of a whole that the text states, from 0 to 1; None if it states none.

    A number "of" a larger one is a share; percentages above 100 are growth, not shares.
    """
    found = [float(match[1].translate(_NO_GROUPS)) / 100 for match in _PERCENT.finditer(text)]
    found += [_chinese(match[1]) / 100 for match in _PERCENT_ZH.finditer(text)]
    found += [_WORDS[match[0].lower()] for match in _WORD.finditer(text)]
    for match in _RATIO.finditer(text):
        part, whole = (float(match[group].translate(_NO_GROUPS)) for group in (1, 2))
        if 0 < part < whole:
            found.append(part / whole)
    shares = [share for share in found if 0 <= share <= 1]
    return max(shares) if shares else None


_NO_GROUPS = {ord(mark): None for mark in ",   "}


def _chinese(numeral: str) -> float:
    """Return the value of a numeral below a thousand, as percentages are written."""
    if re.fullmatch(r"\d+(?:\.\d+)?", numeral):
        return float(numeral)
    whole, _, fraction = numeral.partition("点")
    value, digit = 0, 0
    for sign in whole:
        if sign in ("百", "十"):
            value += (digit or 1) * (100 if sign == "百" else 10)
            digit = 0
        else:
            digit = _DIGITS.get(sign, 0)
    tail = "".join(str(_DIGITS.get(sign, 0)) for sign in fraction)
    return value + digit + (float(f"0.{tail}") if tail else 0.0)
