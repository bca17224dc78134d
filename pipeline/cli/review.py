"""`pipeline review`: people look at the evidence and say what they think of it."""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import JsonOption, finish, note, print_json, print_table, project_of, show_problems
from pipeline.errors import MissingInput

app = typer.Typer(
    help="Look at the evidence and decide. Without a verb: open the review page in the browser.",
    invoke_without_command=True,
    rich_markup_mode=None,
)

ReviewerOption = Annotated[
    str,
    typer.Option(
        "--reviewer",
        envvar="PIPELINE_REVIEWER",
        help="Your name, which your decisions are filed under.",
        show_default="your user name",
    ),
]
OnlyOption = Annotated[
    Path | None,
    typer.Option(
        "--only", metavar="FILE", help="Only the pieces of this file: evidence lines, or one id a line."
    ),
]
NoteOption = Annotated[str, typer.Option("--note", help="Why.")]


def _reviewer(name: str) -> str:
    import getpass

    from pipeline.review import reviewer_name

    return reviewer_name(name or os.environ.get("USER") or getpass.getuser())


def _now() -> str:
    return datetime.now().astimezone().isoformat()


def _ids(file: Path | None) -> set[str] | None:
    """Return the ids that a file of evidence lines, or of bare ids, names."""
    if file is None:
        return None
    try:
        lines = file.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise MissingInput("cannot be read", where=str(file)) from error
    import json

    try:
        return {
            json.loads(line)["id"] if line.startswith("{") else line.strip() for line in lines if line.strip()
        }
    except (ValueError, KeyError) as error:
        raise MissingInput("not evidence lines", where=str(file), remedy="see `review sample`") from error


@app.callback()
def open_page(
    context: typer.Context,
    reviewer: ReviewerOption = "",
    port: Annotated[int, typer.Option(help="Where to listen on this machine; 0 takes a free port.")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in your browser.")] = True,
    blind: Annotated[bool, typer.Option("--blind", help="Code without sight of other codes.")] = False,
    only: OnlyOption = None,
) -> None:
    """Look at the evidence and decide. Without a verb: open the review page in the browser."""
    if context.invoked_subcommand:
        return
    import webbrowser

    from pipeline.run.desk import open_desk

    try:
        from pipeline.review.server import serve
    except ImportError as error:
        raise MissingInput(
            f"the review page needs {error.name}",
            remedy="pip install 'cooperation-evidence-pipeline[review]'",
        ) from error
    desk = open_desk(project_of(context), _reviewer(reviewer), now=_now, blind=blind, only=_ids(only))
    show_problems(desk.shelf.problems)

    def ready(address: str) -> None:
        note(f"review page: {address}\nPress Ctrl-C to close it; every decision is saved at once.")
        if browser:
            webbrowser.open(address)

    serve(desk, port=port, ready=ready)


@app.command("next")
def next_pieces(
    context: typer.Context,
    reviewer: ReviewerOption = "",
    case: Annotated[str, typer.Option(help="Only evidence that concerns this case.")] = "",
    code: Annotated[str, typer.Option(help="Only this code or group of codes.")] = "",
    document: Annotated[str, typer.Option(help="Only this document.")] = "",
    only: OnlyOption = None,
) -> None:
    """Decide in the terminal, one piece after the other, what matters most first."""
    from pipeline.review.queue import Filter
    from pipeline.review.terminal import sit
    from pipeline.run.desk import open_desk

    desk = open_desk(project_of(context), _reviewer(reviewer), now=_now, only=_ids(only))
    chosen = Filter(state="mine", case=case, code=code, document=document)
    note(f"{sit(desk, chosen, input, print)} decisions saved")
    finish(desk.shelf.problems)


@app.command("sheet")
def print_sheet(
    context: typer.Context,
    case: Annotated[str, typer.Option(help="Only evidence that concerns this case.")] = "",
    document: Annotated[str, typer.Option(help="Only documents whose path contains this.")] = "",
    only: OnlyOption = None,
    language: Annotated[str, typer.Option(help="Language of the sheet: en or zh.")] = "en",
) -> None:
    """Print an HTML sheet of evidence with boxes to tick on paper: `pipeline review sheet > sheet.html`."""
    from pipeline.review.sheet import sheet
    from pipeline.rules.codebook import load_codebook
    from pipeline.run.gather import gather, reader

    project = project_of(context)
    found = gather(project)
    codebook = load_codebook(project.rules, found.problems)
    chosen = _ids(only)
    pieces = [
        item
        for item in found.reviewed
        if (not case or case in item.evidence.cases)
        and document in item.evidence.document
        and (chosen is None or item.evidence.id in chosen)
    ]
    read = reader(project)
    texts = {name: text for name in {item.evidence.document for item in pieces} if (text := read(name))}
    if codebook:
        headers = {name: text[0] for name, text in texts.items()}
        print(sheet(pieces, headers, codebook, "zh" if language == "zh" else "en"))
    finish(found.problems)


@app.command("sample")
def draw_sample(
    context: typer.Context,
    n: Annotated[int, typer.Option("--n", min=1, help="How many pieces.")],
    by: Annotated[str, typer.Option(help="Draw evenly by these: code,document,language.")] = "",
    seed: Annotated[int, typer.Option(help="The same seed draws the same pieces.")] = 0,
) -> None:
    """Print evidence lines drawn at random, to assign to coders with --only or to judge by hand."""
    from pipeline.review.order import sample
    from pipeline.run.gather import gather
    from pipeline.store import encode

    found = gather(project_of(context))
    strata = [name.strip() for name in by.split(",") if name.strip()]
    for piece in sample(found.machine_by_id.values(), n, by=strata, seed=seed):
        print(encode(piece))
    finish(found.problems)


@app.command("list")
def list_evidence(
    context: typer.Context,
    case: Annotated[str, typer.Option(help="Only evidence that concerns this case.")] = "",
    code: Annotated[str, typer.Option(help="Only this code, or codes that begin so.")] = "",
    document: Annotated[str, typer.Option(help="Only documents whose path contains this.")] = "",
    state: Annotated[str, typer.Option(help="open, or a verdict: accept, reject, amend, unsure, add.")] = "",
    as_json: JsonOption = False,
) -> None:
    """List evidence with what people said about it."""
    from pipeline.run.gather import gather

    found = gather(project_of(context))
    items = [
        item
        for item in found.reviewed
        if (not case or case in item.evidence.cases)
        and item.evidence.code.startswith(code)
        and document in item.evidence.document
        and (not state or (item.verdict or "open") == state)
    ]
    if as_json:
        print_json(items)
    else:
        print_table(
            ("id", "code", "attributes", "where", "verdict", "trigger"),
            [
                (
                    item.evidence.id,
                    item.evidence.code,
                    _attributes(item.evidence),
                    f"{item.evidence.document} {item.evidence.label}".strip(),
                    item.verdict or "open",
                    " ".join(item.evidence.trigger.split())[:60],
                )
                for item in items
            ],
        )
    note(f"{len(items)} of {len(found.reviewed)} pieces of evidence")
    finish(found.problems)


@app.command("show")
def show_evidence(
    context: typer.Context,
    evidence: Annotated[str, typer.Argument(metavar="ID", help="Its id, or the beginning of it.")],
    as_json: JsonOption = False,
) -> None:
    """Show one piece of evidence in its passage, with its rules, cues and decisions."""
    from pipeline.run.gather import gather, reader

    project = project_of(context)
    found = gather(project)
    item = found.find(evidence)
    decisions = [d for d in found.decisions if d.id in item.decisions]
    if as_json:
        print_json({"reviewed": item, "decisions": decisions})
        return
    read = reader(project)(item.evidence.document)
    header = read[0] if read else None
    e = item.evidence
    place = ", ".join(
        filter(None, [header.title if header else "", e.document, e.label, f"p. {e.page}" if e.page else ""])
    )
    print(place)
    if e.section:
        print("under: " + " › ".join(e.section))
    start, end = e.trigger_start - e.start, e.trigger_end - e.start
    print(f"\n  … {e.prefix}\n  {e.quote[:start]}[[{e.quote[start:end]}]]{e.quote[end:]}\n  {e.suffix} …\n")
    print(f"code      {e.code}   {_attributes(e)}")
    print(f"cases     {', '.join(e.cases) or '—'}   theatres {', '.join(e.theatres) or 'general'}")
    print(f"issue     {e.issue or '—'}")
    print(f"found by  {', '.join(e.rules)}")
    for cue in e.cues:
        print(f"cue       {cue.id}: “{cue.text}” sets {cue.sets}")
    print(f"verdict   {item.verdict or 'open'}" + (f" ({item.anchoring})" if item.anchoring else ""))
    for decision in decisions:
        print(
            f"          {decision.time[:16]} {decision.reviewer}: {decision.verdict} {decision.note}".rstrip()
        )


@app.command("decide")
def decide(
    context: typer.Context,
    evidence: Annotated[str, typer.Argument(metavar="ID", help="Its id, or the beginning of it.")],
    verdict: Annotated[str, typer.Argument(help="accept, reject, amend or unsure.")],
    note_: NoteOption = "",
    reviewer: ReviewerOption = "",
    code: Annotated[str, typer.Option(help="amend: the code it should have.")] = "",
    organisations: Annotated[str, typer.Option(help="amend: the organisations, e.g. EU,UN.")] = "",
    status: Annotated[str, typer.Option(help="amend: performed, committed or called_for.")] = "",
    role: Annotated[str, typer.Option(help="amend: need, provision or substitution.")] = "",
    polarity: Annotated[str, typer.Option(help="amend: affirmed or rejected.")] = "",
) -> None:
    """Say what you think of one piece of evidence; the decision is saved at once."""
    from pipeline import review
    from pipeline.run.gather import gather
    from pipeline.run.reviewing import amended

    project = project_of(context)
    found = gather(project)
    item = found.find(evidence)
    values = amended(project, code, organisations, status, role, polarity)
    decision = review.decide(
        item.evidence,
        verdict,  # type: ignore[arg-type]  # decide() refuses what is no verdict
        reviewer=_reviewer(reviewer),
        time=_now(),
        values=values,
        note=note_,
        earlier=found.decisions,
        here=item.decisions,
    )
    review.append(project, decision)
    note(f"saved in annotations/decisions/{decision.reviewer}.jsonl; now `pipeline code`")


@app.command("finish")
def finish_document(
    context: typer.Context,
    document: Annotated[str, typer.Argument(help="The document: its path, or a part of it that fits one.")],
    reviewer: ReviewerOption = "",
) -> None:
    """Say that you have read a document to its end, so that what you did not mark counts as nothing."""
    from pipeline import review, store
    from pipeline.run import flow

    project = project_of(context)
    name = flow.find_document(project, document)
    header = store.read_header(project.document_file(name))
    review.append(project, review.finish(name, header.text_hash, reviewer=_reviewer(reviewer), time=_now()))
    note(f"{name}: finished by {_reviewer(reviewer)}")


@app.command("import")
def import_file(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help='Evidence lines with "verdict" (and "note") added.')
    ],
    reviewer: ReviewerOption = "",
) -> None:
    """Take over verdicts written by hand into a copy of evidence lines. Importing twice adds nothing."""
    from pipeline import review
    from pipeline.run.gather import gather, reader
    from pipeline.run.reviewing import machine_evidence, restore_derived

    project = project_of(context)
    found = gather(project)
    decisions, problems = review.import_lines(
        file,
        reviewer=_reviewer(reviewer),
        time=_now(),
        evidence=machine_evidence(project, found, file),
        read=reader(project),
        decisions=found.decisions,
        where=project.relative(file),
    )
    for decision in decisions:
        review.append(project, decision)
    note(f"{len(decisions)} decisions saved")
    if not problems:
        restore_derived(project, file)
    finish(problems)


@app.command("orphans")
def orphans(context: typer.Context, as_json: JsonOption = False) -> None:
    """List decisions whose sentence cannot be found in today's texts."""
    from pipeline.run.gather import gather

    found = gather(project_of(context))
    if as_json:
        print_json(found.orphans)
        return
    if not found.orphans:
        note("no orphans: every decision has its sentence")
        return
    print_table(
        ("decision", "document", "verdict", "why", "quote", "nearest"),
        [
            (
                o.decision.id,
                o.decision.document,
                f"{o.decision.reviewer}: {o.decision.verdict} {o.decision.code}",
                o.reason.replace("_", " "),
                o.decision.anchor.quote[:80],
                f"{o.label} {o.nearest[:80]}".strip(),
            )
            for o in found.orphans
        ],
    )


def _attributes(e) -> str:  # type: ignore[no-untyped-def]
    values = [e.role, e.status, e.polarity, "+".join(e.organisations)]
    return " · ".join(filter(None, values))
