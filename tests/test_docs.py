"""The documentation says what the program does, and its links lead somewhere."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools import output_blocks
from tools.commands_page import PAGE, page

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def test_command_reference_is_what_the_commands_say() -> None:
    assert PAGE.read_text("utf-8") == page(), "run python tools/commands_page.py"


def test_every_command_and_option_has_help() -> None:
    for line in page().splitlines():
        if line.startswith("| `"):
            assert not line.endswith("|  |"), f"no help: {line}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    for target in LINK.findall(path.read_text("utf-8")):
        if "://" in target or target.startswith(("#", "mailto:")):
            continue
        assert (path.parent / target.partition("#")[0]).exists(), f"{path.name} links to {target}"


def test_readme_names_the_two_commands_that_ci_runs() -> None:
    readme, ci = (ROOT / "README.md").read_text("utf-8"), (ROOT / ".ci/run").read_text("utf-8")
    assert "python -m pip install . && pipeline run" in readme
    assert "python -m pip install -e '.[test]' && pytest" in readme
    assert "python -m pip install -q . && pipeline run" in ci
    assert "python -m pip install -q -e '.[test]' && pytest" in ci


@pytest.mark.slow
@pytest.mark.parametrize("path", output_blocks.PAGES, ids=lambda path: path.name)
def test_outputs_shown_are_what_the_commands_print(path: Path, tmp_path: Path) -> None:
    output_blocks.make_project(tmp_path / "project")
    text = path.read_text("utf-8")
    assert "<!-- output of:" in text
    assert output_blocks.renewed(text, tmp_path / "project") == text, "run python tools/output_blocks.py"
