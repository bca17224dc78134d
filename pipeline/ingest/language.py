"""Which language a text is in: the script decides, and stop words among languages in Latin letters."""

import re
import unicodedata
from collections import Counter

ENOUGH_LETTERS = 60
"""Below this many letters (20 for Han, whose characters say more) the answer is to abstain."""

STOP_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(
        [
            "the",
            "of",
            "and",
            "to",
            "in",
            "that",
            "for",
            "with",
            "by",
            "on",
            "its",
            "which",
            "shall",
            "be",
            "as",
            "from",
            "have",
            "is",
            "are",
            "this",
        ]
    ),
    "fr": frozenset(
        [
            "le",
            "la",
            "les",
            "des",
            "et",
            "du",
            "en",
            "que",
            "pour",
            "dans",
            "une",
            "par",
            "sur",
            "au",
            "aux",
            "qui",
            "est",
            "ses",
            "leur",
            "cette",
        ]
    ),
    "es": frozenset(
        [
            "el",
            "la",
            "los",
            "las",
            "de",
            "y",
            "en",
            "que",
            "para",
            "del",
            "por",
            "con",
            "una",
            "su",
            "se",
            "al",
            "como",
            "sus",
            "este",
            "entre",
        ]
    ),
    "pt": frozenset(
        [
            "o",
            "os",
            "as",
            "da",
            "do",
            "e",
            "em",
            "que",
            "para",
            "das",
            "dos",
            "por",
            "com",
            "uma",
            "na",
            "no",
            "ao",
            "pela",
            "pelo",
            "sua",
        ]
    ),
    "de": frozenset(
        [
            "der",
            "die",
            "das",
            "und",
            "den",
            "von",
            "zu",
            "mit",
            "im",
            "für",
            "des",
            "auf",
            "dem",
            "ist",
            "eine",
            "nicht",
            "werden",
            "sich",
            "als",
        ]
    ),
    "it": frozenset(
        [
            "il",
            "la",
            "di",
            "e",
            "che",
            "per",
            "del",
            "della",
            "dei",
            "delle",
            "con",
            "una",
            "nel",
            "alla",
            "gli",
            "sono",
            "al",
            "dal",
            "ai",
            "le",
        ]
    ),
    "nl": frozenset(
        [
            "de",
            "het",
            "een",
            "van",
            "en",
            "in",
            "te",
            "dat",
            "op",
            "voor",
            "met",
            "zijn",
            "aan",
            "door",
            "bij",
            "tot",
            "om",
            "deze",
            "niet",
            "die",
        ]
    ),
}

_SCRIPTS = {"CJK": "zh", "CYRILLIC": "ru", "ARABIC": "ar", "HANGUL": "ko", "GREEK": "el", "HEBREW": "he"}


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of the text's language, or "" where it is too short or unclear."""
    letters = Counter(_script(character) for character in text[:200_000] if character.isalpha())
    total = sum(letters.values())
    if not total:
        return ""
    script, count = letters.most_common(1)[0]
    kana = letters["HIRAGANA"] + letters["KATAKANA"]
    han = letters["CJK"]
    if han + kana > 0.3 * total and han + kana >= 20:
        return "ja" if kana > 0.1 * (han + kana) else "zh"
    if script in _SCRIPTS:
        return _SCRIPTS[script] if count >= ENOUGH_LETTERS and count > 0.5 * total else ""
    return _latin(text) if script == "LATIN" and count >= ENOUGH_LETTERS else ""


def _script(character: str) -> str:
    return "LATIN" if character.isascii() else unicodedata.name(character, "?").split()[0].split("-")[0]


def _latin(text: str) -> str:
    """Count stop words; the winner must cover the text as prose and lead clearly."""
    words = re.findall(r"[^\W\d_]+", text[:200_000].lower())
    scores = sorted(
        ((sum(word in stops for word in words), code) for code, stops in STOP_WORDS.items()), reverse=True
    )
    (best, code), (second, _) = scores[0], scores[1]
    if not words or best < 3 or best < 0.08 * len(words) or best < 1.3 * second:
        return ""
    return code
