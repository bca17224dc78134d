"""From bytes to text: byte-order mark, strict UTF-8, the pattern of NUL bytes, then an informed guess."""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHINESE = ("gb18030", "big5hkscs")


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """Return the text with "\\n" line ends and the name of its encoding.

    `declared` is what the file says itself (an HTML or XML declaration); it is tried before
    guessing. Raises `UnicodeError` where no encoding gives text.
    """
    text, encoding = _decode(data, declared)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace(
        "\u2028", "\n"
    ), encoding


def _decode(data: bytes, declared: str) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding), encoding
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and "\0" not in text:
        return text, "utf-8"
    if b"\0" in data:
        return _by_nul_pattern(data)
    for encoding in filter(None, (declared,)):
        try:
            return data.decode(encoding), encoding.lower()
        except (LookupError, UnicodeDecodeError):
            continue
    return _by_content(data) if data else ("", "utf-8")


def _by_nul_pattern(data: bytes) -> tuple[str, str]:
    """UTF-16 of mostly ASCII text has a NUL in every second byte; anything else is not text."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    if max(even, odd) < 10 * min(even, odd) or max(even, odd) * 20 < len(data):
        raise UnicodeError("NUL bytes in a text file")
    return data.decode(encoding), encoding


def _by_content(data: bytes) -> tuple[str, str]:
    """Prefer a Chinese encoding that yields common characters; otherwise ask charset-normalizer."""
    for encoding in _CHINESE:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _reads_as_chinese(text):
            return text, encoding
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        return data.decode("cp1252"), "cp1252"
    if best.encoding in ("cp1250", "cp1252", "cp1257", "latin_1", "iso8859_15", "mac_roman", "cp775"):
        try:  # one-byte Western tables differ in quotes and dashes only; Windows wrote nearly all such files
            return data.decode("cp1252"), "cp1252"
        except UnicodeDecodeError:
            pass
    return str(best), best.encoding


_COMMON = frozenset("的一是不在有和人这中国大为上以到说时要就出会可也国联合安理会成员和平全组织会议决"
                    "之與及國際聯會維於將應為條約區域合作")  # fmt: skip


def _reads_as_chinese(text: str) -> bool:
    han = re.findall(r"[\u4e00-\u9fff]", text)
    if len(han) < 10:
        return False
    return sum(character in _COMMON for character in han) > 0.04 * len(han)
