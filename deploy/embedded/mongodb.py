"""A MongoDB-protocol server: one process for each tier, so that no tier can read another's documents."""

import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.parts import Part
from deploy.embedded.ports import LOOPBACK, accepts_connections

# Without journal=true a kill -9 of the server loses acknowledged documents.
URI_OPTIONS = "journal=true&w=majority&replicaSet=secantus"


@dataclass(frozen=True)
class MongoDb:
    """The server of one tier with its documents in `directory`."""

    tier: str
    directory: Path
    port: int

    @property
    def uri(self) -> str:
        return f"mongodb://{LOOPBACK}:{self.port}/?{URI_OPTIONS}"

    def part(self) -> Part:
        server = Path(sys.executable).with_name("secantusd-py")
        return Part(
            name=f"mongodb-{self.tier}",
            what=f"documents of the {self.tier}",
            # A process of its own and never imported: its licence does not reach us.
            command=(
                *(sys.executable, str(server), "--host", LOOPBACK, "--port", str(self.port)),
                *("--storage-path", str(self.directory), "--cache-size", "256M", "--log-level", "WARNING"),
                # It minds journal=true for single writes only: a kill would lose transactions it had acknowledged.
                "--sync-on-commit",
            ),
            prepare=lambda: self.directory.mkdir(parents=True, exist_ok=True),
            ready=lambda _log: accepts_connections(self.port),
        )
