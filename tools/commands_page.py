"""Write docs/commands.md from the commands themselves: python tools/commands_page.py."""

import inspect
from enum import Enum
from pathlib import Path
from typing import Any

import typer

from pipeline.cli.main import app

PAGE = Path(__file__).resolve().parent.parent / "docs" / "commands.md"

HEAD = """# Commands

Made from the commands themselves by `python tools/commands_page.py`; a test keeps it true. Every command
says the same with `--help`. Options before the verb: `--root DIR` names the project folder (default: the
current one), `--version` prints the versions that results depend on. Exit codes are in
[errors.md](errors.md).
"""


def page() -> str:
    """Return the page."""
    root = typer.main.get_command(app)
    return HEAD + "".join(_section(root, name, 2) for name in root.commands)  # type: ignore[attr-defined]


def _section(group: Any, name: str, level: int, before: str = "pipeline") -> str:
    command = group.commands[name]
    full = f"{before} {name}"
    inner = getattr(command, "commands", None)
    help_text = inspect.cleandoc(command.help or "")
    if inner is not None:
        return f"\n{'#' * level} {full}\n\n{help_text}\n" + "".join(
            _section(command, each, level + 1, full) for each in inner
        )
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
    usage = " ".join([full, *(_argument(p) for p in arguments), *(["[OPTIONS]"] if options else [])])
    text = f"\n{'#' * level} {full}\n\n```\n{usage}\n```\n\n{help_text}\n"
    rows = [(f"`{_argument(p)}`", p.help or "") for p in arguments]
    rows += [(f"`{', '.join(p.opts)}{_value(p)}`", p.help or "") for p in options]
    if rows:
        cells = [(left, right.replace("|", "\\|")) for left, right in rows]
        text += "\n| | |\n|---|---|\n" + "".join(f"| {left} | {right} |\n" for left, right in cells)
    return text


def _argument(parameter: Any) -> str:
    name = parameter.metavar or parameter.name.upper()
    return name if parameter.required or name.startswith("[") else f"[{name}]"


def _value(parameter: Any) -> str:
    if getattr(parameter, "is_flag", False):
        return ""
    if isinstance(parameter.default, Enum):
        return " " + "/".join(choice.value for choice in type(parameter.default))
    return f" {parameter.metavar or 'TEXT'}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
