"""Fixtures for all tests."""

import os
import shutil
from pathlib import Path

import pytest

from tests.command import pipeline

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference documents beside the project; tests that need it skip without it."""
    folder = Path(os.environ.get("PIPELINE_SHARED", ROOT.parent / "shared"))
    if not (folder / "gold").is_dir():
        pytest.skip(f"needs the reference documents in {folder.name}/ beside the project")
    return folder


@pytest.fixture(scope="session")
def _bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("bundled") / "project"
    pipeline(root, "init", str(root), "--example")
    pipeline(root, "run")
    return root


@pytest.fixture
def bundled(_bundled: Path, tmp_path: Path) -> Path:
    """A project of one's own with the shipped rules and the bundled corpus, already run."""
    root = tmp_path / "project"
    shutil.copytree(_bundled, root)
    return root
