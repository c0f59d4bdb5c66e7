"""The thresholds, read from data/surges.yaml."""

from pathlib import Path

import yaml

from services.reporting.domain.surges import SurgeRules

FILE = Path(__file__).parents[1] / "data" / "surges.yaml"


def load_rules(file: Path = FILE) -> SurgeRules:
    """Raises ValidationError: at the start, so that no page is shown by half a rule."""
    return SurgeRules.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
