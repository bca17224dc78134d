"""Rule files and what they mean: packs, actors, codebook, cases, scheme."""

from pipeline.rules.compile import Ruleset, load_rules

__all__ = ["Ruleset", "load_rules"]
