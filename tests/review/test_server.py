"""The review page as a program that others could try to reach: who gets in, and what gets out."""

import itertools
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipeline.project import Project
from pipeline.review import append, decide, load_decisions
from pipeline.review.desk import Desk
from pipeline.review.server import BODY_LIMIT, application
from tests.review.projects import HAN, PATROL, SCRIPT, large, put, small

PORT, TOKEN = 8777, "secret-of-this-run"
HOST = f"127.0.0.1:{PORT}"


def clock() -> Iterator[str]:
    for second in itertools.count():
        yield f"2026-03-01T12:{second // 60 % 60:02}:{second % 60:02}+00:00"


class Page:
    """A browser that behaves, at a desk of its own."""

    def __init__(self, project: Project, reviewer: str = "Anna", **options: Any) -> None:
        ticking = clock()
        self.desk = Desk(project, reviewer, now=lambda: next(ticking), **options)
        app = application(self.desk, port=PORT, token=TOKEN)
        self.client = TestClient(app, base_url=f"http://{HOST}", follow_redirects=False)
        self.client.cookies.set(f"desk-{PORT}", TOKEN)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=headers)

    def post(self, path: str, data: Any, **headers: str) -> Any:
        sent = {"origin": f"http://{HOST}", "content-type": "application/json"} | headers
        body = data if isinstance(data, (bytes, str)) else json.dumps(data)
        return self.client.post(path, content=body, headers=sent)

    def queue(self, **filters: str) -> Any:
        return self.client.get("/api/queue", params=filters).json()


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page(small(tmp_path))


def first(page: Page, **filters: str) -> Any:
    return page.get("/api/piece/" + page.queue(**filters)["items"][0]["id"]).json()


# -- attacks -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/api/queue", "/api/start", "/page/desk.js", "/api/document/a.txt"])
def test_without_the_token_nothing_is_answered(page: Page, path: str) -> None:
    page.client.cookies.clear()
    assert page.get(path).status_code == 403
    page.client.cookies.set(f"desk-{PORT}", "guessed")
    assert page.get(path).status_code == 403
    assert "Title of" not in page.get(path).text


def test_the_token_opens_once_and_leaves_the_address(page: Page) -> None:
    page.client.cookies.clear()
    answer = page.get(f"/?token={TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert page.get("/?token=wrong").status_code == 403


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1:1", "127.0.0.1", ""])
def test_a_foreign_host_is_turned_away(page: Page, host: str) -> None:
    assert page.get("/api/queue", host=host).status_code == 421


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", ""])
def test_a_foreign_origin_changes_nothing(page: Page, origin: str) -> None:
    piece = first(page)
    answer = page.post("/api/decide", {"id": piece["id"], "verdict": "accept"}, origin=origin)
    assert answer.status_code == 403
    assert load_decisions(page.desk.project, []) == []


def test_a_request_that_another_site_makes_is_turned_away(page: Page) -> None:
    assert page.get("/api/queue", **{"sec-fetch-site": "cross-site"}).status_code == 403


def test_a_form_of_another_site_is_turned_away(page: Page) -> None:
    answer = page.post("/api/decide", "id=x", **{"content-type": "text/plain"})
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "path",
    [
        "/api/document/../../rules/codebook.yaml",
        "/api/document/..%2f..%2frules%2fcodebook.yaml",
        "/api/document//etc/passwd",
        "/page/..%2fserver.py",
        "/page/index.html",
        "/api/piece/..%2f..%2fx",
        "/api/piece/..%2f..%2fx/page.png",
    ],
)
def test_no_path_leads_out_of_what_is_shown(page: Page, path: str) -> None:
    answer = page.get(path)
    assert answer.status_code == 404
    assert "root:" not in answer.text
    assert "groups" not in answer.text


def test_a_link_out_of_the_project_is_not_drawn(tmp_path: Path) -> None:
    project = small(tmp_path / "project")
    outside = tmp_path / "outside.pdf"
    outside.write_bytes(b"%PDF-1.4")
    project.corpus.mkdir()
    put(project, "x.pdf", [PATROL], [(PATROL, "joint patrols", "action.joint_implementation")])
    (project.corpus / "x.pdf").symlink_to(outside)
    page = Page(project)
    piece = first(page, document="x.pdf")
    assert page.get(f"/api/piece/{piece['id']}/page.png").status_code == 422


def test_what_is_not_a_pdf_inside_is_said_and_nothing_breaks(tmp_path: Path) -> None:
    project = small(tmp_path)
    project.corpus.mkdir()
    (project.corpus / "x.pdf").write_bytes(b"not a PDF at all")
    put(project, "x.pdf", [PATROL], [(PATROL, "joint patrols", "action.joint_implementation")])
    page = Page(project)
    assert page.get(f"/api/piece/{first(page, document='x.pdf')['id']}/page").status_code == 422
    assert page.get("/api/queue").status_code == 200


def test_a_body_that_is_too_large_is_refused(page: Page) -> None:
    note = "n" * (BODY_LIMIT + 1)
    answer = page.post("/api/decide", {"id": first(page)["id"], "verdict": "accept", "note": note})
    assert answer.status_code == 413
    assert load_decisions(page.desk.project, []) == []


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"id": 1}', b'{"id": "x", "verdict": "accept", "extra": 1}', b""]
)
def test_what_makes_no_sense_is_refused(page: Page, body: bytes) -> None:
    assert page.post("/api/decide", body).status_code == 400


@pytest.mark.parametrize("verdict", ["withdraw", "finish", "add", "yes"])
def test_only_verdicts_on_evidence_are_taken(page: Page, verdict: str) -> None:
    assert page.post("/api/decide", {"id": first(page)["id"], "verdict": verdict}).status_code == 400


def test_script_in_a_document_arrives_as_text_only(page: Page) -> None:
    answer = page.get("/api/document/c.txt")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json()["passages"][0]["text"] == SCRIPT
    assert "taken" not in page.get("/").text


def test_every_answer_carries_the_policy(page: Page) -> None:
    for path in ("/", "/api/queue", "/nowhere", "/page/desk.css"):
        policy = page.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


def test_nothing_on_the_page_comes_from_outside(page: Page) -> None:
    for path in ("/", "/page/desk.js", "/page/desk.css"):
        text = page.get(path).text
        assert "http://" not in text
        assert "https://" not in text
        assert "innerHTML" not in text


# -- work --------------------------------------------------------------------------------------------------


def test_a_decision_is_on_the_disk_before_the_answer(page: Page) -> None:
    piece = first(page)
    answer = page.post("/api/decide", {"id": piece["id"], "verdict": "reject", "note": "标题"})
    assert answer.status_code == 200
    [decision] = load_decisions(page.desk.project, [])
    assert (decision.evidence, decision.verdict, decision.note) == (piece["id"], "reject", "标题")
    assert page.get(f"/api/piece/{piece['id']}").json()["state"] == "reject"


def test_a_tab_that_has_not_seen_the_latest_decision_is_told(page: Page) -> None:
    piece = first(page)
    assert page.post("/api/decide", {"id": piece["id"], "verdict": "reject"}).status_code == 200
    late = page.post("/api/decide", {"id": piece["id"], "verdict": "accept", "seen": piece["mine"]})
    assert late.status_code == 409
    assert "you decided reject elsewhere" in late.json()["error"]
    now = page.get(f"/api/piece/{piece['id']}").json()
    assert (
        page.post("/api/decide", {"id": piece["id"], "verdict": "accept", "seen": now["mine"]}).status_code
        == 200
    )
    assert [one.verdict for one in load_decisions(page.desk.project, [])] == ["reject", "accept"]


def test_what_another_process_decides_is_seen_at_once(page: Page) -> None:
    piece = page.desk.piece(first(page)["id"]).one.evidence
    append(page.desk.project, decide(piece, "accept", reviewer="Bo", time="2026-03-01T12:00:00Z"))
    assert page.queue(state="accept")["total"] == 1
    assert page.queue(reviewer="Bo")["items"][0]["id"] == piece.id


def test_undo_takes_back_what_the_page_showed(page: Page) -> None:
    piece = first(page)
    page.post("/api/decide", {"id": piece["id"], "verdict": "reject"})
    last = page.queue()["last"]
    assert page.post("/api/undo", {"seen": "another"}).status_code == 409
    assert page.post("/api/undo", {"seen": last}).json() == {"done": piece["id"]}
    assert page.get(f"/api/piece/{piece['id']}").json()["state"] == "open"
    assert page.post("/api/undo", {"seen": last}).status_code == 404


def test_an_amendment_is_applied_and_shown(page: Page) -> None:
    piece = first(page, code="action.joint_implementation")
    start, _ = piece["quote"]
    change = {"code": "action.joint_decision", "status": "committed", "bounds": [start, start + 16]}
    page.post("/api/decide", {"id": piece["id"], "verdict": "amend", **change})
    now = page.get(f"/api/piece/{piece['id']}").json()
    assert (now["values"]["code"], now["values"]["status"]) == ("action.joint_decision", "committed")
    assert now["decisions"][0]["changed"] == {"code": "action.joint_decision", "status": "committed"}
    assert now["quote"] == [start, start + 16]
    assert (
        page.post(
            "/api/decide", {"id": piece["id"], "verdict": "amend", "seen": now["mine"], "code": "x"}
        ).status_code
        == 400
    )


def test_added_words_beyond_the_basic_plane_are_the_words_selected(page: Page) -> None:
    told = page.get("/api/document/b.zh.txt").json()
    text = "\n".join(passage["text"] for passage in told["passages"])
    start = text.index("联合巡逻")
    asked = {
        "id": "", "verdict": "add", "document": "b.zh.txt", "text_hash": told["document"]["text_hash"],
        "bounds": [start, start + 4], "code": "action.joint_implementation", "organisations": ["AU", "UN"],
    }  # fmt: skip
    made = page.post("/api/add", asked).json()["done"]
    [decision] = load_decisions(page.desk.project, [])
    assert decision.anchor.quote == "联合巡逻"
    assert decision.anchor.prefix == text[max(0, start - 32) : start]
    assert page.get(f"/api/piece/{made}").json()["state"] == "add"
    assert page.post("/api/add", asked | {"text_hash": "old"}).status_code == 409


def test_those_who_differ_are_settled_by_a_third(tmp_path: Path) -> None:
    project = small(tmp_path)
    for reviewer, verdict in (("Anna", "accept"), ("Bo", "reject")):
        page = Page(project, reviewer)
        target = first(page, code="action.joint_implementation", document="a.txt")["id"]
        page.post("/api/decide", {"id": target, "verdict": verdict})
    third = Page(project, "Chen")
    assert third.get(f"/api/piece/{target}").json()["disputed"]
    assert third.queue(state="look")["total"] == 1
    third.post("/api/decide", {"id": target, "verdict": "accept", "settle": True})
    now = third.get(f"/api/piece/{target}").json()
    assert (now["state"], now["disputed"]) == ("accept", False)


def test_blind_coders_see_neither_the_machine_nor_each_other(tmp_path: Path) -> None:
    project = small(tmp_path)
    open_desk = Page(project, "Anna")
    open_desk.post("/api/decide", {"id": first(open_desk)["id"], "verdict": "accept"})
    blind = Page(project, "Bo", blind=True)
    assert blind.queue()["total"] == 0
    told = blind.get("/api/document/b.zh.txt").json()
    assert told["evidence"] == []
    assert HAN in told["passages"][1]["text"]
    blind.post("/api/finish", {"document": "b.zh.txt"})
    assert blind.queue()["finished"] == ["b.zh.txt"]
    assert [one.blind for one in load_decisions(project, []) if one.reviewer == "Bo"] == [True]


def test_evidence_that_a_run_made_anew_is_taken_in(page: Page) -> None:
    piece = first(page, code="binding.obligation")
    page.post("/api/decide", {"id": piece["id"], "verdict": "reject"})
    put(
        page.desk.project,
        "a.txt",
        ["Another text.", PATROL],
        [(PATROL, "joint patrols", "action.joint_implementation")],
    )
    old = page.queue(code="action.joint_implementation", document="a.txt")["items"][0]["id"]
    assert page.get(f"/api/piece/{old}").status_code == 404
    remaining = first(page, code="action.joint_implementation", document="a.txt")
    assert page.get(f"/api/piece/{remaining['id']}").json()["quote"] == [14, 14 + len(PATROL)]
    [lost] = page.get("/api/orphans").json()
    assert (lost["quote"], lost["reason"]) == ("They shall report.", "not_found")


def test_a_decision_that_cannot_be_saved_says_so(page: Page) -> None:
    piece = first(page)
    page.desk.project.annotations.mkdir(exist_ok=True)
    page.desk.project.decisions.write_text("in the way", encoding="utf-8")
    answer = page.post("/api/decide", {"id": piece["id"], "verdict": "accept"})
    assert answer.status_code == 507
    assert "not saved" in answer.json()["error"]
    assert page.get(f"/api/piece/{piece['id']}").json()["state"] == "open"


def test_the_page_speaks_both_languages(page: Page) -> None:
    assert '<html lang="en">' in page.get("/").text
    chinese = page.get("/?lang=zh").text
    assert '<html lang="zh-Hans">' in chinese
    assert "评审" in chinese
    start = page.get("/api/start").json()
    assert start["codes"]["goal.peace_security"]["name"] == "和平与安全目标"


@pytest.mark.slow
def test_a_hundred_thousand_pieces_are_no_burden(tmp_path: Path) -> None:
    page = Page(large(tmp_path, pieces=100_000, documents=100))
    page.queue()

    def seconds(path: str) -> float:
        times = []
        for _ in range(5):
            begin = time.perf_counter()
            assert page.get(path).status_code == 200
            times.append(time.perf_counter() - begin)
        return sorted(times)[2]

    taken = {
        path: seconds(path)
        for path in (
            "/api/queue?state=mine",
            "/api/queue?state=open&case=UN-AU&code=binding.obligation",
            "/api/queue?words=document+57+consult",
            "/api/piece/" + page.queue()["items"][0]["id"],
        )
    }
    print(taken)
    assert max(taken.values()) < 0.1
    whole = sum(
        seconds(path) for path in ("/", "/page/desk.js", "/page/desk.css", "/api/start", "/api/queue")
    )
    assert whole < 1
    begin = time.perf_counter()
    piece = page.queue()["items"][0]["id"]
    assert page.post("/api/decide", {"id": piece, "verdict": "accept"}).status_code == 200
    assert time.perf_counter() - begin < 1
    shutil.rmtree(tmp_path)
