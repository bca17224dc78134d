"""From reviewed evidence to codings: pure functions over records."""

from pipeline.coding.changes import Cause, Change, compare, key_of
from pipeline.coding.coder import ALL_CASES, Coder, code
from pipeline.coding.explain import Explanation, Rest, SettingUsed, Use, explain, explain_evidence
from pipeline.rules.cases import Cases, load_cases
from pipeline.rules.scheme import Scheme
from pipeline.rules.scheme_check import load_scheme

__all__ = [
    "ALL_CASES", "Cases", "Cause", "Change", "Coder", "Explanation", "Rest", "Scheme", "SettingUsed", "Use",
    "code", "compare", "explain", "explain_evidence", "key_of", "load_cases", "load_scheme",
]  # fmt: skip
