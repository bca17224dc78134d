"""The review verbs that are not about one piece: the page, the terminal, the sheet, the sample."""

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from pipeline.project import Project
from pipeline.review import load_decisions
from tests.review.projects import PATROL, small


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small(tmp_path)


def pipeline(project: Project, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", "--root", str(project.root), *words],
        input=typed, capture_output=True, text=True, check=False, env={**os.environ, "USER": "anna"},
    )  # fmt: skip


def test_the_page_opens_on_loopback_with_a_token(project: Project) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "--root", str(project.root), "review", "--no-browser"],
        stderr=subprocess.PIPE, text=True, env={**os.environ, "USER": "anna"},
    )  # fmt: skip
    try:
        assert process.stderr is not None
        said = next(line for line in process.stderr if "http" in line)
        address = said.split()[-1]
        assert address.startswith("http://127.0.0.1:")
        with httpx.Client(follow_redirects=True) as client:
            assert "<h1>Review</h1>" in client.get(address).text
            assert client.get(address.split("?")[0] + "api/queue").json()["counts"]["open"] == 5
        assert httpx.get(address.split("?")[0]).status_code == 403
    finally:
        process.terminate()
        process.wait()


def test_a_port_that_is_no_number_is_a_mistake_in_usage(project: Project) -> None:
    assert pipeline(project, "review", "--port", "x").returncode == 2


def test_next_decides_in_the_terminal(project: Project) -> None:
    done = pipeline(project, "review", "next", "--document", "a.txt", typed="a\nr a heading\nq\n")
    assert done.returncode == 0, done.stderr
    assert "2 decisions saved" in done.stderr
    assert [one.verdict for one in load_decisions(project, [])] == ["accept", "reject"]
    assert {one.reviewer for one in load_decisions(project, [])} == {"anna"}


def test_a_sample_can_be_handed_out(project: Project, tmp_path: Path) -> None:
    drawn = pipeline(project, "review", "sample", "--n", "2", "--by", "code", "--seed", "3")
    lines = [json.loads(line) for line in drawn.stdout.splitlines()]
    assert len(lines) == 2
    (tmp_path / "mine.jsonl").write_text(drawn.stdout, encoding="utf-8")
    done = pipeline(project, "review", "next", "--only", str(tmp_path / "mine.jsonl"), typed="a\na\na\n")
    assert "nothing is left" in done.stdout
    assert {one.evidence for one in load_decisions(project, [])} == {line["id"] for line in lines}


def test_a_sheet_can_be_printed(project: Project) -> None:
    page = pipeline(project, "review", "sheet", "--document", "a.txt", "--language", "zh").stdout
    assert "joint patrols" in page
    assert "接受" in page
    assert PATROL.split(" joint")[0] in page
