"""Copies for queries: documents that only repeat a part of another one, in the shape a list is read in.

A copy is written in the transaction that changes what it repeats, whole and without being loaded first; whoever
writes both contends for the original, so that a copy is never older than it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pymongo import ReplaceOne

from chassis.store.documents import Collection, Document, document_to_stored


@dataclass(frozen=True)
class Copy:
    """One copy, and the collection it is kept in. Its revision, `heard` and `published` say nothing."""

    collection: Collection[Any]
    document: Document


def replacements(copies: Iterable[Copy]) -> dict[str, list[ReplaceOne[Any]]]:
    """What to write, by collection; of several copies with one id the last counts."""
    latest = {(copy.collection.name, copy.document.id): copy.document for copy in copies}
    changes: dict[str, list[ReplaceOne[Any]]] = {}
    for (collection, key), document in latest.items():
        replace: ReplaceOne[Any] = ReplaceOne({"_id": key}, document_to_stored(document), upsert=True)
        changes.setdefault(collection, []).append(replace)
    return changes
