"""The house keeps its order: who may import whom, and how quickly it answers."""

import subprocess
import sys

from tests.conftest import ROOT

HEAVY = (
    "spacy",
    "pdfplumber",
    "pypdfium2",
    "lxml",
    "jinja2",
    "matplotlib",
    "numpy",
    "starlette",
    "uvicorn",
    "rich",
)


def test_stages_meet_only_in_the_records() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_help_loads_no_heavy_library() -> None:
    code = "import sys, pipeline.cli.main; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & set(HEAVY)


def test_version_names_what_results_depend_on() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "--version"], capture_output=True, text=True, check=True
    )
    for name in ("pipeline ", "spacy ", "pdfplumber ", "pypdfium2 "):
        assert name in done.stdout


def test_shipped_files_name_no_registry_and_no_path_of_a_machine() -> None:
    for path in [ROOT / "README.md", ROOT / "pyproject.toml", *(ROOT / "docs").glob("*.md")]:
        text = path.read_text("utf-8")
        assert "/work/" not in text
        assert "/tmp/" not in text
