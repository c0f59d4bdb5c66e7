"""Data files of the installation."""

from pathlib import Path

import yaml
from pydantic import ValidationError

from services.notification.domain.quiet import QuietHours


class BadReferenceData(Exception):
    """A data file is missing or broken. Mend it: the service does not start on guesses."""


def load_quiet_hours(file: Path) -> QuietHours:
    """Raises BadReferenceData."""
    try:
        return QuietHours.model_validate(yaml.safe_load(file.read_text("utf-8")))
    except ValidationError as fault:
        places = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in fault.errors())
        raise BadReferenceData(f"{file.name}: {places}") from fault
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise BadReferenceData(f"{file.name} cannot be read ({type(fault).__name__})") from fault
