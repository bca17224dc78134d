"""From paragraphs to passages: what each is (preamble, article, item, ...), how one cites it, what it is under."""

import re
import unicodedata
from dataclasses import dataclass, field

from pipeline.ingest.blocks import Block
from pipeline.ingest.infer import kind_of_title
from pipeline.ingest.numbering import Division, Number, division, numbers
from pipeline.model import Passage, PassageKind

HEADING_LENGTH = 150
"""Most characters of a heading that only its form gives away."""

_END = re.compile(r"[.;:,!?。；：，！？、…][”\"’』」)\]）]*$")
LEADER = re.compile(r"(?:\.\s?){6,}|…{3,}")
"""Dots that lead the eye to a page number: a line of a list of contents."""
_FORMULA = re.compile(
    r"(?:[“\"]?The (?:Security Council|General Assembly|Economic and Social Council|Human Rights Council|Peace and Security Council"
    r"|Council|Assembly|Conference)\b[^a-z]{0,3},?$)|(?:(?:安全理事会|大会|经济及社会理事会|人权理事会|理事会)\s?[，,]?$)"
)
_PREAMBULAR = re.compile(
    r"(?:[“\"*_]*)(?:(?:Also|Further|Once|Again|Having|Deeply|Gravely|Seriously|Strongly|Fully|Firmly|Particularly|Bearing|Taking"
    r"|Keenly|Greatly|Conscious|Mindful|Aware|Concerned|Convinced|Determined|Alarmed|Resolved|Guided|Inspired|Encouraged"
    r"|Appalled|Dismayed|Outraged|Disturbed|Cognizant|Confident|Desirous|Persuaded|Committed|Anxious|Eager|Faithful)\b"
    r"|[A-Z][a-z]+ing\b|[A-Z]{4,}ING\b|CONSCIOUS|MINDFUL|AWARE|CONCERNED|CONVINCED|DETERMINED|GUIDED|BEARING|HAVING)"
)
_HAN_PREAMBULAR = re.compile(
    r"[“\"]?(?:又|还|再|并|进一步|深切|深为|严重|强烈|特别|充分)*(?:回顾|重申|铭记|认识到|注意到|欢迎|赞扬|赞赏|强调|确认|考虑到|念及|深信|关切|表示"
    r"|意识到|决心|鉴于|认定|根据|着重|谴责|承认|感到|知悉|申明|忆及|秉持|本着|愿|希望|为|忧虑|震惊|痛惜|依照|致力)"
)


def opens_preambular(text: str) -> bool:
    """Whether the text begins as a preambular clause does, with a participle."""
    return bool(_PREAMBULAR.match(text) or _HAN_PREAMBULAR.match(text))


_SIGNATURE = re.compile(
    r"(?:\(Signed\)|\(Sgd|DONE (?:at|in|AT|IN)\b|Done (?:at|in)\b|[Ff]or (?:and on behalf of )?the (?:Government|European Union|United Nations|African Union)\b.{0,60}$"
    r"|FOR THE [A-Z]|For the [A-Z][^.;]{0,60}:?$|IN WITNESS WHEREOF|In witness whereof|IN FAITH WHEREOF|Fait à|FAIT À|（签名）|\(签名\)|以昭信守|.{0,40}谨签字|代表\s*$)"
)
_OPERATIVE = re.compile(
    r"[“\"]?(?:(?:Also|Further|Strongly|Again|Hereby|Solemnly) )?[A-Z][a-z]{2,}[^nr\W]s\b|[“\"]?(?:决定|请|促请|敦促|呼吁)"
)
_STATEMENT_PARAGRAPH = re.compile(
    r"[“\"](?:The Security Council|The Council)\s[a-z]|[“\"]?(?:安全理事会|安理会)\S"
)
_HAN_TEXT = re.compile(r"[\u4e00-\u9fff]")


@dataclass(slots=True)
class _Level:
    number: Number
    label: str


@dataclass(slots=True)
class _State:
    """Where in the document the reader stands."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    article: str = ""
    above_article: list[tuple[int, str]] | None = None
    """Headings over the last article opened."""
    after_heading: bool = False
    """The passage before is a heading."""
    levels: list[_Level] = field(default_factory=list)
    annex: str = ""
    fresh: str = "document"
    """What has only just begun, so that a title may follow: document, annex, article or nothing."""
    interrupted: bool = False
    """A heading has come since the last numbered paragraph; its list may go on below."""
    stem_open: bool = False
    """The last text ended in a colon, so a list may follow even below a heading."""
    before_body: bool = True
    """No numbered paragraph and no article has come yet."""
    resolution: bool = False
    enacting: bool = False
    """The organ has named itself; what follows up to paragraph 1 is its preamble."""
    statement: bool = False
    styles: dict[str, int] = field(default_factory=dict)
    """Depth at which headings numbered in a style stand."""
    counted: dict[str, list[int]] = field(default_factory=dict)
    """Paragraph numbers met, by the part of the document in which they should run on."""

    @property
    def section(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.headings)

    def open_heading(self, level: int, text: str) -> None:
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        self.headings.append((level, text))

    def place_numbered(self, read: list[Number], level: int) -> int:
        """Return the depth of a numbered heading: below a heading that has no number of its own kind above it."""
        if not read:
            return level
        style, value = read[0].style, read[0].value
        if value == 1:
            top = self.headings[-1][0] if self.headings else 0
            numbered = any(numbers(text) for _, text in self.headings)
            self.styles[style] = min(top + 1, 8) if level <= top < 9 and not numbered else level
        return self.styles.get(style, level)

    def leave_commentary(self) -> None:
        """Before an article: close headings that came with text since the last article, if that one stood outside them."""
        above = [pair for pair in self.headings if pair[0] < 9]
        if (
            self.above_article is not None
            and not self.after_heading
            and above[: len(self.above_article)] == self.above_article
        ):
            self.headings = list(self.above_article)
        self.above_article = [pair for pair in self.headings if pair[0] < 9]

    def open_annex(self, text: str, label: str) -> None:
        self.headings = [(0, text)]
        self.annex, self.article, self.levels, self.fresh = label, "", [], "annex"


def arrange(blocks: list[Block]) -> tuple[list[Passage], list[str]]:
    """Return the passages of a document, offsets in place, and warnings about its numbering.

    The text is brought to NFC here, once, before any offset exists.
    """
    for block in blocks:
        block.text = unicodedata.normalize("NFC", block.text).strip()
    blocks = [block for block in blocks if re.search(r"\w", block.text) or block.kind == "table"]
    blocks = _with_contents_merged(blocks)
    state = _State()
    state.resolution = any(_FORMULA.match(block.text) for block in blocks[:40])
    has_articles = _opens_with_articles(blocks)
    state.statement = not state.resolution and any(
        kind_of_title(block.text) == "presidential_statement" for block in blocks[:8] if len(block.text) < 100
    )
    passages: list[Passage] = []
    start = 0
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        kind, label, section = _place(block, following, state, has_articles)
        state.after_heading = kind in ("heading", "annex")
        end = start + len(block.text)
        passages.append(
            Passage(
                number=index + 1, start=start, end=end, text=block.text, kind=kind, label=label,
                page=block.page, printed_page=block.printed_page, section=section, note=block.note,
            )
        )  # fmt: skip
        start = end + 1
    return passages, _gaps(state.counted)


def _opens_with_articles(blocks: list[Block]) -> bool:
    """Whether articles come before any numbered paragraph, as in a treaty but not in a report that quotes one."""
    for block in blocks:
        opened = division(block.text) if block.kind != "table" else None
        if opened is not None and opened.kind == "article" and _is_article_line(block, opened):
            return True
        if any(number.style == "arabic" for number in numbers(block.text)):
            return False
    return False


_CONTENTS = re.compile(
    r"(?:Table of |Summary of )?contents$|Table des matières$|目\s*录$|目\s*次$|(?:Chapter|Paragraphs?)?\s*Page$",
    re.I,
)


def _with_contents_merged(blocks: list[Block]) -> list[Block]:
    """Make one table of a list of contents: its lines are no headings, paragraphs or articles."""
    led = [index for index, block in enumerate(blocks) if LEADER.search(block.text) and len(block.text) < 400]
    if len(led) < 3:
        return blocks
    result: list[Block] = []
    at = 0
    while at < len(blocks):
        if at not in led:
            result.append(blocks[at])
            at += 1
            continue
        end = at
        while (after := next((index for index in led if end < index <= end + 4), None)) is not None:
            end = after
        group = blocks[at : end + 1]
        while result and _CONTENTS.match(result[-1].text):
            group.insert(0, result.pop())
        while end + 1 < len(blocks) and re.fullmatch(r"\d{1,3}|[ivx]{1,5}", blocks[end + 1].text):
            end += 1
            group.append(blocks[end])
        merged = Block(text="\n".join(block.text for block in group), kind="table")
        merged.page, merged.printed_page = group[0].page, group[0].printed_page
        result.append(merged)
        at = end + 1
    return result


def _opens_division(block: Block | None) -> bool:
    return block is not None and division(block.text) is not None


def _is_article_line(block: Block, opened: Division) -> bool:
    """Tell "Article 4. Cooperation" or "第四条 ..." from a sentence that begins with a mention of one."""
    if block.kind is not None and block.kind not in ("heading", "article"):
        return False
    if opened.label.startswith("第"):
        return not re.match(r"(?:和|与|及|所|的|规定|、|至|或|第)", opened.title)
    return not re.match(r"[a-z(]|\d", opened.title)


def _place(
    block: Block, following: Block | None, state: _State, has_articles: bool
) -> tuple[PassageKind, str, tuple[str, ...]]:
    """Return kind, label and section of one block, and move the state on."""
    if block.kind in ("footnote", "table"):
        return block.kind, _note_label(block), state.section
    opened = division(block.text) if block.kind in (None, "heading", "annex", "article") else None
    if opened is None and block.kind == "heading" and re.fullmatch(r"[IVXL]{1,7}\.?|\d{1,2}\.?", block.text):
        opened = Division("article", block.text.rstrip("."), block.text, 9, "")
    if opened is not None and (placed := _open(block, opened, state)):
        return placed
    if block.kind == "title" or _is_title(block, state):
        return "title", "", ()
    if block.kind == "signature" or _SIGNATURE.match(block.text):
        state.article, state.levels = "", []
        return "signature", "", state.section
    read = numbers(block.text)
    fresh, state.fresh = state.fresh, ""
    if _is_heading(block, following, read, state) or (
        fresh
        and fresh != "document"
        and not read
        and _may_be_title(block, 110 if fresh == "article" else 300)
    ):
        level = _SUBTITLE.get(fresh) or block.level or state.place_numbered(read, _heading_level(read))
        if (
            state.article
            and not read
            and not block.kind
            and not block.emphasis
            and not _opens_division(following)
        ):
            level = _SUBTITLE[
                "article"
            ]  # a bare line inside an article is more likely its title than the end of it
        above = tuple(text for depth, text in state.headings if depth < level)
        state.open_heading(level, block.text)
        if level < 9:
            state.article = ""
        state.interrupted = True
        return "heading", "", above
    placed = _numbered(block, read, state) if read else _unnumbered(block, state, has_articles)
    state.stem_open = block.text.rstrip().endswith((":", "：", "—", "–"))
    return placed


_SUBTITLE = {"annex": 1, "article": 10, "chapter": 5}
"""Depth of the title that stands on a line of its own below "Annex" or "Article 4"."""


def _is_title(block: Block, state: _State) -> bool:
    """Whether the block belongs to the title: nothing but titles stood before it, and it names an instrument."""
    if state.fresh != "document" or block.kind not in (None, "heading") or numbers(block.text):
        return False
    if re.match(r"Adopted (?:by|at|on) |.{0,30}次会议通过$", block.text) and len(block.text) < 200:
        return True
    return _may_be_title(block, 400) and kind_of_title(block.text) != "other"


def _may_be_title(block: Block, limit: int) -> bool:
    text = block.text
    return not (
        block.body or block.kind not in (None, "heading") or len(text) > limit or _END.search(text) or text[:1].islower()
        or _FORMULA.match(text)
    )  # fmt: skip


def _open(block: Block, opened: Division, state: _State) -> tuple[PassageKind, str, tuple[str, ...]] | None:
    """Open an article, chapter or annex; None where the block only mentions one."""
    heading_like = len(block.text) <= HEADING_LENGTH and not re.search(
        r"[;,；，。][”\"]?$|[a-z)]\.[”\"]?$", block.text
    )
    if opened.kind == "article" and _is_article_line(block, opened):
        state.before_body = False
        state.leave_commentary()
        state.article, state.levels, state.fresh = opened.label, [], "" if opened.title else "article"
        above = tuple(text for depth, text in state.headings if depth < opened.level)
        if heading_like and not _reads_as_clause(opened.title):
            state.open_heading(opened.level, block.text)
            return "heading", opened.label, above
        state.headings = [pair for pair in state.headings if pair[0] < opened.level]
        return "article", opened.label, above
    if not heading_like:
        return None
    if opened.kind == "annex":
        state.open_annex(block.text, opened.label)
        state.before_body = True
        return "annex", opened.label, ()
    if opened.kind == "chapter":
        state.fresh = "" if opened.title else "chapter"
        above = tuple(text for depth, text in state.headings if depth < opened.level)
        state.open_heading(opened.level, block.text)
        state.article, state.levels = "", []
        return "heading", "", above
    return None


def _reads_as_clause(title: str) -> bool:
    """Whether what stands behind "Article 4" is its text and not its title."""
    return bool(
        re.search(r"[.;:。；：]$", title)
        or len(title) > 100
        or (_HAN_TEXT.search(title) and len(title) > 25 and re.search(r"[，。；]", title))
    )


def _is_heading(block: Block, following: Block | None, read: list[Number], state: _State) -> bool:
    if block.kind == "heading":
        return True
    if block.kind is not None or block.body:
        return False
    text = block.text
    if following is None or following.kind in ("footnote",):
        return False
    if len(text) > (
        400
        if block.emphasis
        else 2 * HEADING_LENGTH
        if read and read[0].style in ("upper_roman", "capital")
        else HEADING_LENGTH
    ):
        return False
    if _END.search(text) and not (block.emphasis and text[-1] in ":："):
        return False
    if not read:
        if text[:1].islower() or _FORMULA.match(text) or text[:1] in '“"(（[':
            return False
        limit = 30 if _HAN_TEXT.search(text) else 90
        return block.emphasis or (
            len(text) <= limit and not state.before_body and not _is_list_line(following, text)
        )
    first = read[0]
    if first.style in ("letter", "roman", "bracket", "bullet", "dotted") and not block.emphasis:
        return False
    if first.style == "arabic" and len(text) > 110 and not block.emphasis:
        return False
    return not _goes_on(first, following)


def _is_list_line(following: Block, text: str) -> bool:
    """A short line followed by another short line is a list or an address, hardly a heading."""
    after = following.text
    return (
        not numbers(after)
        and len(after) < 60
        and not _END.search(after)
        and division(after) is None
        and len(text) < 60
    )


def _goes_on(first: Number, following: Block) -> bool:
    return any(n.style == first.style and n.value == first.value + 1 for n in numbers(following.text))


def _heading_level(read: list[Number]) -> int:
    order = {
        "upper_roman": 3,
        "han": 3,
        "capital": 4,
        "bracket_han": 4,
        "arabic": 5,
        "letter": 6,
        "bracket": 6,
        "roman": 7,
    }
    return min((order.get(number.style, 6) for number in read), default=6)


def _numbered(block: Block, read: list[Number], state: _State) -> tuple[PassageKind, str, tuple[str, ...]]:
    number = _choose(read, state)
    state.interrupted = False
    if number.style == "bullet":
        return "item", state.levels[-1].label if state.levels else state.article, state.section
    if not state.enacting or number.style in ("arabic", "dotted", "han", "upper_roman"):
        state.before_body = state.enacting = False
    top = not state.levels
    stem = state.levels[-1].label if state.levels else state.article
    label = _label(number, stem, top, state, block.text)
    state.levels.append(_Level(number, label))
    if top and number.style in ("arabic", "dotted", "han", "capital", "upper_roman") and not state.article:
        if number.style == "arabic":
            state.counted.setdefault(state.annex or "the main text", []).append(number.value)
        kind: PassageKind = "operative" if state.resolution and not state.annex else "paragraph"
    else:
        kind = "paragraph" if top and state.article and number.style in ("arabic", "han") else "item"
    return "item" if block.kind == "preamble" else block.kind or kind, label, state.section


def _choose(read: list[Number], state: _State) -> Number:
    """Pick the reading that continues a list already open, else the one that starts a new one.

    Levels below the one continued are closed. "(i)" after "(h)" is a letter, else Roman.
    """
    for depth in range(len(state.levels) - 1, -1, -1):
        for number in read:
            open_number = state.levels[depth].number
            if number.style == open_number.style and number.value == open_number.value + 1:
                del state.levels[depth:]
                return number
    if state.interrupted and not (
        state.stem_open and any(n.value == 1 and n.style not in ("arabic", "han") for n in read)
    ):
        state.levels.clear()
    fresh = [number for number in read if number.value == 1]
    if fresh and state.stem_open and state.levels and fresh[0].style == state.levels[-1].number.style:
        return fresh[0]  # a list of its own inside the paragraph, numbered alike
    number = next((n for n in fresh if n.style == "roman"), fresh[0]) if fresh else read[0]
    for depth, level in enumerate(state.levels):
        if level.number.style == number.style:
            del state.levels[depth:]
            break
    else:
        if number.style in ("arabic", "dotted", "upper_roman"):
            state.levels.clear()
    return number


def _label(number: Number, stem: str, top: bool, state: _State, text: str) -> str:
    han = bool(_HAN_TEXT.search(text)) or stem.startswith("第")
    if top and not state.article:
        if number.style in ("arabic", "dotted"):
            return f"第{number.printed}段" if han else f"para. {number.printed}"
        if number.style == "han":
            return f"第{number.printed}段"
    if top and state.article.startswith("第"):
        if number.style in ("han", "arabic"):
            return f"{stem}第{number.printed}款"
        if number.style == "bracket_han":
            return f"{stem}第（{number.printed}）项"
    if number.style == "bracket_han":
        return f"{stem}（{number.printed}）"
    return f"{stem}({number.printed})"


def _unnumbered(block: Block, state: _State, has_articles: bool) -> tuple[PassageKind, str, tuple[str, ...]]:
    text = block.text
    if block.kind is not None:
        return block.kind, state.article if block.kind == "article" else "", state.section
    if state.article:
        state.levels = []
        return "article", state.article, state.section
    if state.statement and _STATEMENT_PARAGRAPH.match(text):
        return "operative", "", state.section
    opens = _PREAMBULAR.match(text) or (_HAN_PREAMBULAR.match(text) and re.search(r"[，,；;]$", text))
    if state.resolution and _FORMULA.match(text):
        state.enacting = True
    if state.enacting and _OPERATIVE.match(text) and re.search(r"[.;。；][”\"]?$", text):
        state.before_body = state.enacting = False
        return "operative", "", state.section
    if state.before_body and not state.annex and (
        state.enacting or _FORMULA.match(text) or re.match(r"[“\"*_]*(?:WE|We)\b[^.]*[;,:]$", text) or (opens and re.search(r"[,;，；:：]$|\band$", text)) or (has_articles and not block.emphasis)
    ):  # fmt: skip
        return "preamble", "", state.section
    return "paragraph", "", state.section


def _note_label(block: Block) -> str:
    return f"note {block.note}" if block.kind == "footnote" and block.note else ""


def _gaps(counted: dict[str, list[int]]) -> list[str]:
    """Say where paragraph numbers do not run on."""
    warnings = []
    for part, values in counted.items():
        for before, after in zip([0, *values], values, strict=False):
            if after != before + 1 and after != 1:
                warnings.append(
                    f"paragraph {after} follows {before} in {part}"
                    if before
                    else f"the first paragraph of {part} is {after}"
                )
    return warnings
