"""Rule files and what they mean: packs, actors, codebook, cases, scheme."""

from pipeline.rules.compile import Ruleset, load_rules
from pipeline.rules.packs import rules_hashes

__all__ = ["Ruleset", "load_rules", "rules_hashes"]
