"""How long the database is waited for.

A line that is half-open answers nothing and refuses nothing: whoever waits without a limit waits until somebody
restarts the process. Limits nest, and the shortest counts.
"""

from contextlib import AbstractContextManager

import pymongo

OPERATION_SECONDS = 15.0
"""One answer, where nothing shorter is said: to batches, the relay, workers."""
REQUEST_SECONDS = 12.0
"""Everything one HTTP request asks of the database."""
DEED_SECONDS = 8.0
"""A unit of work with its repetitions, until its commit: leaves the request time to commit."""
SESSION_SECONDS = 5.0
"""Waiting for a free session: when all are in use, or in doubt after an outage."""
COMMIT_SECONDS = 4.0
ABORT_SECONDS = 2.0
FAREWELL_SECONDS = 2.0
"""What a closing process asks of the database: a successor does without."""
PING_SECONDS = 2.0
PREPARE_SECONDS = 600.0
"""A migration, or an index over everything that is stored."""

SERVER_SELECTION_MS = 3_000
CONNECT_MS = 5_000
HEARTBEAT_MS = 3_000
"""With CONNECT_MS: how soon a server that answers nothing is known to be away, and who waits for it is told."""


def within(seconds: float) -> AbstractContextManager[None]:
    """What the block asks of the database takes so long at most, then fails as an outage does."""
    return pymongo.timeout(max(seconds, 0.001))
