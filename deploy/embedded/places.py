"""Where the embedded stack keeps things: in the checkout, and downloads in the user's cache folder."""

import os
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
TOOLS = CHECKOUT / ".tools"
FORMER_KEYS = "keys"
"""Folder of the issuer that earlier versions had; without its name their folders could not be forgotten."""


@dataclass(frozen=True)
class Places:
    """The folder of one running stack. Two stacks never share one."""

    var: Path

    @property
    def data(self) -> Path:
        return self.var / "data"

    @property
    def log(self) -> Path:
        return self.var / "log"

    @property
    def mail(self) -> Path:
        return self.var / "mail"

    @property
    def phones(self) -> Path:
        return self.var / "phones"

    @property
    def secrets(self) -> Path:
        return self.var / "secrets"

    @property
    def demo_clock(self) -> Path:
        return self.var / "demo-clock.json"

    @property
    def endpoints(self) -> Path:
        return self.var / "endpoints.json"

    @property
    def lock(self) -> Path:
        return self.var / "supervisor.lock"

    @property
    def own_names(self) -> frozenset[str]:
        """All that a stack ever puts into its folder: whatever else is there belongs to somebody else."""
        folders = (self.data, self.log, self.mail, self.phones, self.secrets)
        kept = (*folders, self.demo_clock, self.endpoints, self.lock)
        return frozenset((*(path.name for path in kept), FORMER_KEYS))


def default_places() -> Places:
    return Places(CHECKOUT / "var")


def cache_folder() -> Path:
    """Downloads shared between clones: $XDG_CACHE_HOME/puskesos, else ~/.cache/puskesos."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base else Path.home() / ".cache") / "puskesos"
