"""`pipeline rules`: tools for people who write rules."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import JsonOption, finish, note, print_json, print_table, project_of

app = typer.Typer(
    help="Test, check, compare and explain the rules.", no_args_is_help=True, rich_markup_mode=None
)

LanguageOption = Annotated[str | None, typer.Option("--language", help="Only this language: en or zh.")]
RuleOption = Annotated[str | None, typer.Option("--rule", help="Only this rule.")]


@app.command("test")
def test(
    context: typer.Context,
    language: LanguageOption = None,
    rule: RuleOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run the examples of the rules and cues: what should match matches, what should not does not."""
    from pipeline.annotate import Annotator
    from pipeline.annotate.examples import run_examples
    from pipeline.run.plan import load_ruleset

    ruleset, problems = load_ruleset(project_of(context))
    count, failures = run_examples(ruleset, Annotator(ruleset), language=language, rule=rule)
    if as_json:
        print_json(failures)
    else:
        for failure in failures:
            print(f"{failure.place}: {failure.id}: {failure.what}\n    {failure.text}")
            for line in failure.came_out:
                print(f"    came out: {line}")
    note(f"{count} examples, {len(failures)} failed")
    finish(problems)
    if failures:
        raise typer.Exit(3)


@app.command("lint")
def lint(context: typer.Context, as_json: JsonOption = False) -> None:
    """Look for duplicates, alternatives that can never match, and rules without a required word."""
    from pipeline.rules.lint import lint as find
    from pipeline.run.plan import load_ruleset

    ruleset, problems = load_ruleset(project_of(context))
    warnings = find(ruleset)
    if as_json:
        print_json(warnings)
    for warning in [] if as_json else warnings:
        print(warning)
    note(f"{len(ruleset.rules_by_id)} rules, {len(ruleset.cues_by_id)} cues, {len(warnings)} warnings")
    finish(problems)
    if warnings:
        raise typer.Exit(3)


@app.command("report")
def report(
    context: typer.Context,
    dead: Annotated[bool, typer.Option("--dead", help="Only rules that found nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """For each rule: pieces of evidence, documents, how often alone, and the share that people confirmed."""
    from pipeline.annotate.tools import report as make
    from pipeline.run.gather import gather
    from pipeline.run.plan import load_ruleset

    project = project_of(context)
    ruleset, problems = load_ruleset(project)
    rows = [row for row in make(ruleset, gather(project).reviewed) if not (dead and row.hits)]
    if as_json:
        print_json(rows)
    else:
        print_table(
            ("rule", "code", "hits", "documents", "alone", "confirmed", "rejected", "share confirmed"),
            [
                (
                    row.id,
                    row.code,
                    *map(str, (row.hits, row.documents, row.alone, row.confirmed, row.rejected)),
                    "—" if row.share_confirmed is None else f"{row.share_confirmed:.0%}",
                )
                for row in rows
            ],
        )
    note(f"{len(rows)} rules, {sum(not row.hits for row in rows)} of them without a hit")
    finish(problems)


@app.command("explain")
def explain(
    context: typer.Context,
    place: Annotated[
        str, typer.Argument(metavar="DOCUMENT[:OFFSET]", help="A document, or a place in its text.")
    ],
    rule: RuleOption = None,
    code: Annotated[str | None, typer.Option(help="Only rules of this code.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what became of rules in a document's sentences: fired, or why not."""
    from pipeline import store
    from pipeline.annotate import Annotator
    from pipeline.annotate.explain import explain as make
    from pipeline.run import flow
    from pipeline.run.plan import load_ruleset

    project = project_of(context)
    name, colon, offset = place.rpartition(":")
    has_offset = bool(colon) and offset.isdigit()
    document = flow.find_document(project, name if has_offset else place)
    ruleset, problems = load_ruleset(project)
    header, passages = store.read_document(project.document_file(document))
    rows = make(
        Annotator(ruleset), header, passages, offset=int(offset) if has_offset else None, rule=rule, code=code
    )
    if as_json:
        print_json(rows)
    else:
        quote = None
        for row in rows:
            if row.quote != quote:
                quote = row.quote
                print(f"\n[{row.start}] {' '.join(quote.split())}")
            print(f"  {row.rule} ({row.code}): {row.outcome}" + (f" — {row.detail}" if row.detail else ""))
    finish(problems)


@app.command("try")
def try_phrase(
    context: typer.Context,
    phrase: Annotated[str, typer.Argument(metavar="PATTERN", help="A phrase as in a rule.")],
    language: Annotated[str, typer.Option("--language", help="en or zh.")] = "en",
    code: Annotated[str, typer.Option(help="Say where this code was found already.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Look for a phrase in all documents and show each hit in its context."""
    from pipeline.annotate.tools import try_phrase as make
    from pipeline.run.gather import texts
    from pipeline.run.plan import load_ruleset

    project = project_of(context)
    ruleset, problems = load_ruleset(project)
    lines = list(make(ruleset, phrase, language, texts(project), code=code))
    if as_json:
        print_json(lines)
    else:
        for line in lines:
            place = f"{line.document} {line.label}".strip()
            codes = f"  ({', '.join(line.codes)})" if line.codes else ""
            print(f"{line.left:>60} [{line.hit}] {line.right:<60} {place}{codes}")
    note(f"{len(lines)} hits")
    finish(problems)


@app.command("diff")
def diff(
    context: typer.Context,
    old: Annotated[Path, typer.Argument(help="A rules folder.")],
    new: Annotated[Path | None, typer.Argument(help="Another; default: the project's.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two sets of rules over the corpus: evidence gained, lost and changed."""
    from pipeline.annotate.tools import diff as make
    from pipeline.errors import Problem
    from pipeline.rules import load_rules
    from pipeline.run.gather import texts
    from pipeline.run.plan import load_ruleset

    project = project_of(context)
    problems: list[Problem] = []
    after = load_rules(new, problems) if new else load_ruleset(project)[0]
    changes = list(make(load_rules(old, problems), after, texts(project)))
    if as_json:
        print_json(changes)
    else:
        signs = {"gained": "+", "lost": "-", "changed": "~"}
        for change in changes:
            e = change.evidence
            differs = f" ({', '.join(change.differs)})" if change.differs else ""
            print(f"{signs[change.kind]} {e.code}{differs}  {e.document} {e.label}".rstrip())
            start, end = e.trigger_start - e.start, e.trigger_end - e.start
            print("    " + " ".join(f"{e.quote[:start]}[{e.quote[start:end]}]{e.quote[end:]}".split()))
    count = {kind: sum(change.kind == kind for change in changes) for kind in ("gained", "lost", "changed")}
    note(", ".join(f"{number} {kind}" for kind, number in count.items()))
    finish(problems)


@app.command("schema")
def schema(
    kind: Annotated[str, typer.Argument(help="pack or actors.")] = "pack",
) -> None:
    """Print the JSON Schema of a kind of rule file, for editors that complete and check while one types."""
    from pipeline.errors import UsageError
    from pipeline.rules.schema import json_schemas

    schemas = json_schemas()
    if kind not in schemas:
        raise UsageError(f'no schema "{kind}"', remedy=f"there are {', '.join(schemas)}")
    print_json(schemas[kind])
