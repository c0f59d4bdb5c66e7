"""The list of what clients were told, kept while they ask: in memory, and a line for each request in a file."""

from pathlib import Path

from audit.told import Told, read_told


class ToldList:
    """Writing requests only. `status` None: no answer came, so it may or may not have become a deed.

    A file that is there already is gone on with: what clients of the same system were told before still counts.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._told = list(read_told(file)) if file.exists() else []
        self._lines = file.open("a", encoding="utf-8", buffering=1)

    def note(self, method: str, path: str, status: int | None, resource_id: str | None = None) -> None:
        told = Told(method=method, path=path, status=status, resource_id=resource_id)
        self._told.append(told)
        self._lines.write(told.model_dump_json(exclude_none=False) + "\n")

    def all(self) -> tuple[Told, ...]:
        """As the audit takes it."""
        return tuple(self._told)

    def close(self) -> None:
        self._lines.close()
