"""The shipped scheme and cases, and the evidence of the published account."""

from collections.abc import Callable

import pytest

from pipeline.coding import Cases, Scheme, code, load_cases, load_scheme
from pipeline.errors import Problem
from pipeline.model import Coding, Document, ReviewedEvidence
from tests.coding import paper
from tests.conftest import ROOT

Codings = dict[tuple[str, str], Coding]


@pytest.fixture(scope="session")
def scheme() -> Scheme:
    problems: list[Problem] = []
    found = load_scheme(ROOT / "rules", problems)
    assert found, problems
    return found


@pytest.fixture(scope="session")
def cases() -> Cases:
    problems: list[Problem] = []
    found = load_cases(ROOT / "rules", problems)
    assert found, problems
    return found


@pytest.fixture
def coded(scheme: Scheme, cases: Cases) -> Callable[..., Codings]:
    """Code evidence (the published account's, unless given) under settings; by case and indicator."""

    def run(
        reviewed: list[ReviewedEvidence] | None = None,
        documents: list[Document] | None = None,
        among: Cases = cases,
        **overrides: str | int | float,
    ) -> Codings:
        settings = {name.replace("__", "."): value for name, value in overrides.items()}
        found = code(
            scheme,
            among,
            paper.documents() if documents is None else documents,
            paper.evidence() if reviewed is None else reviewed,
            settings,
        )
        return {(coding.case, coding.indicator): coding for coding in found}

    return run
