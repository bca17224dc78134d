"""Fixtures for all tests."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference documents beside the project; tests that need it skip without it."""
    folder = Path(os.environ.get("PIPELINE_SHARED", ROOT.parent / "shared"))
    if not (folder / "gold").is_dir():
        pytest.skip(f"needs the reference documents in {folder.name}/ beside the project")
    return folder
