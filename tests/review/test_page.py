"""The review page in a real browser: Chromium of the system, headless, driven by Selenium."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import store
from pipeline.model import Coding, Decision
from pipeline.project import Project
from pipeline.review import load_decisions
from tests.records import passages as paragraphs
from tests.review.projects import put, small, write

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
DRIVER = shutil.which("chromedriver") or ""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver"),
]
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
SERVER = """
import sys
from datetime import datetime
from pathlib import Path
from pipeline.project import Project
from pipeline.review.desk import Desk
from pipeline.review.server import serve
desk = Desk(Project(Path(sys.argv[1])), sys.argv[2], now=lambda: datetime.now().astimezone().isoformat())
serve(desk, ready=lambda url: print(url, flush=True))
"""


def started(root: Path, reviewer: str = "Anna") -> tuple[subprocess.Popen[str], str]:
    """Start the page for a project; return the process and the address."""
    here = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(root), reviewer],
        env={**os.environ, "PYTHONPATH": str(here)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


class Browser:
    """A person at the page: presses keys, looks, selects words."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, address: str) -> None:
        self.driver.get(address)
        self.until(lambda: self.script("return document.body && document.body.dataset.ready === 'yes'"))

    def script(self, code: str, *arguments: Any) -> Any:
        return self.driver.execute_script(code, *arguments)

    def until(self, what: Callable[[], Any], seconds: float = 15) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := what():
                return found
            time.sleep(0.03)
        raise AssertionError(f"not within {seconds} s; the page says: {self.text('alarm')!r}")

    def text(self, element: str) -> str:
        return str(self.script("return document.getElementById(arguments[0]).textContent", element))

    def shown(self) -> str:
        """Return the id of the piece shown."""
        return str(self.script("return current && current.id"))

    def idle(self) -> None:
        self.until(lambda: not self.script("return busy"))

    def press(self, *keys: str) -> None:
        from selenium.webdriver import ActionChains

        for key in keys:
            self.idle()
            ActionChains(self.driver).send_keys(key).perform()
        self.idle()

    def choose(self, field: str, value: str) -> None:
        self.script(
            "const f = document.getElementById(arguments[0]); f.value = arguments[1];"
            "f.dispatchEvent(new Event('change', {bubbles: true}))", field, value,
        )  # fmt: skip
        self.idle()

    def select(self, words: str) -> None:
        """Select words of the text shown, as the mouse would: by text nodes and UTF-16 units."""
        self.script(
            """
            const walker = document.createTreeWalker(document.getElementById('text'), NodeFilter.SHOW_TEXT);
            const nodes = [];
            while (walker.nextNode()) nodes.push(walker.currentNode);
            const at = nodes.map(node => node.data).join('').indexOf(arguments[0]);
            if (at < 0) throw new Error('not in the text: ' + arguments[0]);
            const place = (wanted, last) => {
              let before = 0;
              for (const node of nodes) {
                const end = before + node.data.length;
                if (wanted < end || (last && wanted === end)) return [node, wanted - before];
                before = end;
              }
            };
            const range = document.createRange();
            range.setStart(...place(at, false));
            range.setEnd(...place(at + arguments[0].length, true));
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            """,
            words,
        )


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}", "--window-size=1440,900"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small(tmp_path)


@pytest.fixture
def browser(project: Project, chromium: Any) -> Iterator[Browser]:
    process, address = started(project.root)
    page = Browser(chromium)
    chromium.get_log("browser")
    page.open(address)
    yield page
    complaints = [one["message"] for one in chromium.get_log("browser") if "409" not in one["message"]]
    process.terminate()
    process.wait()
    assert not complaints


def decisions(project: Project) -> list[Decision]:
    return load_decisions(project, [])


def test_a_key_accepts_and_the_next_piece_is_there(browser: Browser, project: Project) -> None:
    piece = browser.shown()
    browser.press("a")
    assert [(one.evidence, one.verdict) for one in decisions(project)] == [(piece, "accept")]
    assert browser.shown() != piece


def test_amending_by_keyboard_changes_code_status_and_bounds(browser: Browser, project: Project) -> None:
    browser.choose("f-code", "action.joint_implementation")
    browser.choose("f-document", "a.txt")
    browser.select("joint patrols in the northern sector")
    browser.press("e")
    browser.choose("v-code", "action.joint_decision")
    browser.choose("v-status", "committed")
    assert "joint patrols in the northern sector" in browser.text("form-words")
    browser.script("document.getElementById('form').requestSubmit()")
    browser.until(lambda: decisions(project))
    [one] = decisions(project)
    assert one.values is not None
    assert (one.verdict, one.values.code, one.values.status) == (
        "amend",
        "action.joint_decision",
        "committed",
    )
    assert one.anchor.quote == "joint patrols in the northern sector"


def test_adding_by_selection_beyond_the_basic_plane(browser: Browser, project: Project) -> None:
    browser.choose("f-document", "b.zh.txt")
    browser.select("联合巡逻")
    browser.press("n")
    browser.choose("v-code", "action.joint_implementation")
    browser.script("document.getElementById('form').requestSubmit()")
    [one] = browser.until(lambda: decisions(project))
    assert (one.verdict, one.code, one.anchor.quote) == ("add", "action.joint_implementation", "联合巡逻")
    browser.until(lambda: browser.text("flags") == "Added" or "Added" in browser.text("flags"))
    marked = browser.script("return document.querySelector('#text mark.quote').textContent")
    assert marked == "联合巡逻"


def test_a_selection_that_begins_on_an_astral_character_is_exact(browser: Browser, project: Project) -> None:
    browser.choose("f-document", "b.zh.txt")
    browser.select("𪚥两组织")
    browser.press("n")
    browser.script("document.getElementById('form').requestSubmit()")
    [one] = browser.until(lambda: decisions(project))
    assert one.anchor.quote == "𪚥两组织"


def test_undo_brings_the_piece_back(browser: Browser, project: Project) -> None:
    piece = browser.shown()
    browser.press("r", "z")
    assert [one.verdict for one in decisions(project)] == ["reject", "withdraw"]
    assert browser.shown() == piece
    assert "Open" in browser.text("flags")


def test_a_note_is_kept_with_the_decision(browser: Browser, project: Project) -> None:
    browser.press("m")
    browser.press("only a heading, 不算")
    browser.script("document.activeElement.blur()")
    browser.press("u")
    assert [(one.verdict, one.note) for one in decisions(project)] == [("unsure", "only a heading, 不算")]


def test_filters_show_what_they_say(browser: Browser) -> None:
    browser.choose("f-code", "binding")
    assert browser.script("return queue.items.map(one => one.code)") == ["binding.obligation"]
    browser.choose("f-code", "")
    browser.choose("f-document", "b.zh.txt")
    assert browser.script("return queue.items.map(one => one.document)") == ["b.zh.txt"]
    browser.choose("f-state", "accept")
    assert browser.script("return queue.total") == 0


def test_script_in_a_document_does_nothing(browser: Browser) -> None:
    browser.choose("f-document", "c.txt")
    assert browser.driver.title == "Review"
    assert "<script>" in browser.text("text")
    assert browser.script("return document.querySelectorAll('#text script, #text img').length") == 0


def test_two_tabs_do_not_overwrite_each_other(browser: Browser, project: Project) -> None:
    driver, piece = browser.driver, browser.shown()
    home = driver.current_window_handle
    address = re.sub(r"\?.*", "", driver.current_url.split("#")[0])
    driver.switch_to.new_window("tab")
    other = Browser(driver)
    other.open(f"{address}#{piece}")
    assert other.shown() == piece
    other.press("r")
    driver.close()
    driver.switch_to.window(home)
    browser.press("a")
    assert [one.verdict for one in decisions(project)] == ["reject"]
    assert "you decided reject elsewhere" in browser.text("alarm")
    browser.until(lambda: browser.shown() == piece and "Rejected" in browser.text("flags"))
    browser.press("a")
    assert [one.verdict for one in decisions(project)] == ["reject", "accept"]


def test_a_reload_shows_where_one_was(browser: Browser) -> None:
    browser.press("j", "j")
    piece = browser.shown()
    browser.driver.refresh()
    browser.until(lambda: browser.script("return document.body.dataset.ready === 'yes'"))
    assert browser.shown() == piece


def test_ten_pieces_are_settled_by_keyboard_within_a_minute(tmp_path: Path, chromium: Any) -> None:
    project = small(tmp_path)
    texts = [f"The two missions shall meet {n} times and set up joint patrols." for n in range(10)]
    put(project, "ten.txt", texts, [(text, "shall meet", "action.information_sharing") for text in texts])
    process, address = started(tmp_path)
    page = Browser(chromium)
    page.open(address)
    page.choose("f-document", "ten.txt")
    begin = time.monotonic()
    page.press(*"aaraujkaraaaz", "a")
    taken = time.monotonic() - begin
    settled = {one.evidence for one in decisions(project)}
    process.terminate()
    process.wait()
    assert len(settled) == 10
    assert taken < 60
    print(f"ten pieces in {taken:.1f} s")


def test_the_page_boxes_the_right_one_of_equal_words(tmp_path: Path, chromium: Any) -> None:
    from fpdf import FPDF

    project = small(tmp_path)
    lines = [f"{n}. The council shall meet in town {n} and shall report." for n in range(1, 9)]
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    for line in lines:
        pdf.cell(0, 20, line, new_x="LMARGIN", new_y="NEXT")
    (project.corpus).mkdir()
    pdf.output(str(project.corpus / "p.pdf"))
    passages = [passage.__class__(**{f: getattr(passage, f) for f in passage.__struct_fields__} | {"page": 1})
                for passage in paragraphs(*lines)]  # fmt: skip
    write(project, "p.pdf", passages, [(lines[4], "shall report", "action.information_sharing")])
    process, address = started(tmp_path)
    page = Browser(chromium)
    page.open(address)
    page.choose("f-document", "p.pdf")
    page.until(lambda: page.script("return document.querySelectorAll('.box.trigger').length"))
    page.until(
        lambda: page.script(
            "const i = document.getElementById('picture'); return i.complete && i.naturalWidth"
        )
    )
    box, picture = page.script(
        "return ['.box.trigger', '#picture'].map(one => {"
        "const r = document.querySelector(one).getBoundingClientRect();"
        "return [r.x, r.y, r.width, r.height]; })"
    )
    process.terminate()
    process.wait()
    middle = (box[1] + box[3] / 2 - picture[1]) / picture[3] * pdf.h
    assert middle == pytest.approx(10 + 20 * 4 + 10, abs=3)  # the fifth of lines that are 20 mm high
    begins = pdf.l_margin + pdf.c_margin + pdf.get_string_width(lines[4].split("shall report")[0])
    assert (box[0] - picture[0]) / picture[2] * pdf.w == pytest.approx(begins, abs=2)
    assert box[2] / picture[2] * pdf.w == pytest.approx(pdf.get_string_width("shall report"), abs=2)


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_sticks_out_at_any_width(browser: Browser, width: int) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        assert browser.script("return document.documentElement.scrollWidth") <= width
        for button in ("accept", "reject", "amend", "unsure"):
            box = browser.script(
                "const r = document.querySelector('.actions .' + arguments[0]).getBoundingClientRect();"
                "return [r.left, r.right, r.height]", button,
            )  # fmt: skip
            assert box[0] >= 0
            assert box[1] <= width
            assert box[2] >= 30
    finally:
        browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_every_control_has_a_name(browser: Browser) -> None:
    nameless = browser.script(
        "return [...document.querySelectorAll('button, select, input, textarea, a')]"
        ".filter(e => !(e.textContent.trim() || e.getAttribute('aria-label') || (e.labels || []).length))"
        ".map(e => e.outerHTML)"
    )
    assert nameless == []


def test_the_decision_is_there_for_what_reads_the_project_next(browser: Browser, project: Project) -> None:
    from pipeline.run.gather import gather

    piece = browser.shown()
    browser.press("r")
    assert gather(project).by_id[piece].verdict == "reject"
    assert store.read(project.decisions / "Anna.jsonl", Decision)


def test_a_rejection_changes_the_codings_as_the_page_foretold(tmp_path: Path, chromium: Any) -> None:
    shipped = Path(__file__).parents[2]
    for folder in ("rules", "corpus"):
        shutil.copytree(shipped / folder, tmp_path / folder)
    command = [sys.executable, "-m", "pipeline", "--root", str(tmp_path)]
    path = tmp_path / "codings" / "codings.jsonl"

    def coded() -> dict[tuple[str, str], str]:
        subprocess.run([*command, "run"], check=True, capture_output=True)
        return {(one.case, one.indicator): one.value or one.state for one in store.read(path, Coding)}

    before = coded()
    process = subprocess.Popen(
        [*command, "review", "--no-browser", "--reviewer", "Anna"], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    address = next(line for line in process.stderr if "http" in line).split()[-1]
    try:
        page = Browser(chromium)
        page.open(address)
        foretold = page.script("return current.flips")
        page.press("r")
    finally:
        process.terminate()
        process.wait()
    assert foretold, "the first piece of the queue is one that a coding hangs on"
    after = coded()
    changed = {key: (before[key], after[key]) for key in before if before[key] != after[key]}
    assert changed == {(one["case"], one["indicator"]): (one["before"], one["after"]) for one in foretold}
