"""JSON Schemas of the rule files, for editors that check and complete while people type."""

from typing import Any

from pipeline.rules.actors import Actors
from pipeline.rules.packs import Pack


def json_schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of every kind of rule file, by the name of the kind: `pack`, `actors`."""
    return {"pack": _schema(Pack, "A rule pack"), "actors": _schema(Actors, "rules/actors.yaml")}


def _schema(model: type[Pack] | type[Actors], title: str) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(),
        "title": title,
    }
