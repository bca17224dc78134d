"""What a page carries beside its text: symbols, job numbers, page numbers, bar codes, mastheads."""

import re

SYMBOL = re.compile(
    r"(?:A|S|E|T|ST|DP|HRI|CCPR|CEDAW|TD|FCCC|UNEP)(?:/[A-Z0-9]+(?:[.-][A-Za-z0-9.-]+)*)+(?:\s?\([A-Z]?[\w .-]{1,12}\))?(?:/[A-Z][A-Za-z0-9./-]*)*"
)
_JOB = r"(?:\d{2}-\d{5}|GE\.\d{2}-\d{4,5}|V\.\d{2}-\d{4,6}|[A-Z]{2,3}/\d{2}/\d+)"
_PAGE = r"\d{1,4}/\d{1,4}"
_FURNITURE = re.compile(
    rf"{_JOB}(?:\s*\(E\)|\s*\([A-Z]\))?(?:\s+(?:\d{{6}}\s*)*|\s*)$"  # 25-07038 (E)  140525
    rf"|{_PAGE}$|{_PAGE}\s*{_JOB}$|{_JOB}\s*{_PAGE}$|{_JOB}\s+\d{{1,4}}$|\d{{1,4}}\s+{_JOB}$"
    rf"|{SYMBOL.pattern}(?:\s+{SYMBOL.pattern})?$"
    r"|\*\s?\d{7,8}\s?\*$|[*∗]\d{7,8}[*∗]?$"
    r"|(?:Page|page|第)\s*\d{1,4}(?:\s*(?:of|/|页|共)\s*\d{0,4}\s*页?)?$"
    r"|\d{6}(?:\s+\d{6})*$"
    r"|Please recycle.*$|请回收.*$"
    r"|-\s*\d{1,4}\s*-$"
)
_MASTHEAD = re.compile(
    r"United Nations$|Nations Unies$|Naciones Unidas$|联\s*合\s*国$"
    r"|United Nations\s+[AESTD]\w*/\S+.*$|联合国\s+[AESTD]\w*/\S+.*$"
    r"|(?:Security Council|General Assembly|Economic and Social Council|安全理事会|大\s*会)(?:\s+(?:Distr|分发).*)?$"
    r"|(?:General Assembly\s+)?Security Council$"
    r"|Distr\.?\s*:.*$|分发：.*$|Original\s*:.*$|原件：.*$|Provisional$"
    r"|\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4}$"
)


def is_furniture(line: str) -> bool:
    """Whether a line is nothing but a running symbol, job number, page number or bar code."""
    return len(line) < 80 and _FURNITURE.match(line) is not None


def is_masthead(line: str) -> bool:
    """Whether a line is part of the head of a United Nations document; ask for the first lines only."""
    return len(line) < 90 and _MASTHEAD.match(line) is not None
