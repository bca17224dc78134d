"""`pipeline show`: a document's passages with the evidence marked in them."""

from typing import Annotated

import typer

from pipeline.cli.common import JsonOption, print_json, project_of


def command(
    context: typer.Context,
    document: Annotated[
        str, typer.Argument(help="The document: its path below corpus/, or a part of it that fits one.")
    ],
    only_evidence: Annotated[
        bool, typer.Option("--evidence", help="Only passages in which evidence was found.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Print a document passage by passage, with label, page and the evidence found."""
    from pipeline import store
    from pipeline.run import flow

    project = project_of(context)
    name = flow.find_document(project, document)
    header, passages = store.read_document(project.document_file(name))
    evidence = store.read_evidence(project.evidence_file(name))
    by_passage = {p.number: [e for e in evidence if e.passage == p.number] for p in passages}
    wanted = [p for p in passages if by_passage[p.number] or not only_evidence]
    if as_json:
        print_json(
            {
                "document": header,
                "passages": [{"passage": p, "evidence": by_passage[p.number]} for p in wanted],
            }
        )
        return
    _print_passages(header, wanted, by_passage)


def _print_passages(header, passages, by_passage) -> None:  # type: ignore[no-untyped-def]
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, markup=False, soft_wrap=True)
    about = [header.symbol, header.date, header.kind, header.language, header.status]
    console.print(Text(header.title or header.id, style="bold"))
    console.print(Text(" · ".join(filter(None, [header.id, *about])), style="dim"))
    for warning in header.warnings:
        console.print(Text(f"! {warning}", style="yellow"))
    for passage in passages:
        place = ", ".join(
            filter(None, [passage.label, f"p. {passage.page}" if passage.page else "", passage.kind])
        )
        console.print()
        console.print(Text(f"[{passage.number}] {place}", style="dim"))
        text = Text(passage.text)
        for item in by_passage[passage.number]:
            text.stylize(
                "bold underline", item.trigger_start - passage.start, item.trigger_end - passage.start
            )
        console.print(text)
        for item in by_passage[passage.number]:
            about = [item.code, item.role, item.status, item.polarity, "+".join(item.organisations)]
            line = f"  ▸ {item.id}  " + " · ".join(filter(None, about)) + f"  “{item.trigger}”"
            console.print(Text(line, style="green"))
