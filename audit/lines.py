"""Rows kept small: each as a compressed line, read again whenever a law asks for it.

A typed row is some twenty times as large as its line, and no law looks at more than one at a time.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from pydantic import BaseModel

from audit.documents import Kept, Keyed

M = TypeVar("M", bound=BaseModel)
K = TypeVar("K", bound=Kept)
I = TypeVar("I", bound=Keyed)  # noqa: E741

LEVEL = 1
ROWS_A_BUNDLE = 100


def packed(model: BaseModel) -> bytes:
    return zlib.compress(model.model_dump_json(by_alias=True).encode(), LEVEL)


def unpacked(kind: type[M], line: bytes) -> M:
    return kind.model_validate_json(zlib.decompress(line))


class Lines(Mapping[str, I]):
    """Rows by their id."""

    def __init__(self, kind: type[I], rows: Iterable[I]) -> None:
        self._kind = kind
        self._lines = {row.id: packed(row) for row in rows}

    def __getitem__(self, key: str) -> I:
        return unpacked(self._kind, self._lines[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


class Bundles(Generic[K]):
    """Rows that are only ever read one after the other."""

    def __init__(self, kind: type[K], rows: Iterable[K]) -> None:
        self._kind = kind
        self._bundles: list[bytes] = []
        waiting: list[str] = []
        for row in rows:
            waiting.append(row.model_dump_json(by_alias=True))
            if len(waiting) == ROWS_A_BUNDLE:
                self._bundle(waiting)
                waiting = []
        self._bundle(waiting)

    def __iter__(self) -> Iterator[K]:
        for bundle in self._bundles:
            for line in zlib.decompress(bundle).splitlines():
                yield self._kind.model_validate_json(line)

    def _bundle(self, lines: list[str]) -> None:
        if lines:
            self._bundles.append(zlib.compress("\n".join(lines).encode(), LEVEL))
