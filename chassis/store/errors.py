"""What can go wrong between a service and its database, by what the caller can do about it."""

from pymongo.errors import ConnectionFailure, ExecutionTimeout, OperationFailure, PyMongoError

DatabaseError = PyMongoError
"""What the driver raises, for those who must not know the driver."""


SERVER_IN_TROUBLE = frozenset({1, 14031})
"""InternalError, OutOfDiskSpace: answered, but nothing is wrong with what was asked."""


def is_outage(error: BaseException) -> bool:
    """Whether the database did not answer, or not in time: another moment may be better."""
    in_trouble = isinstance(error, OperationFailure) and error.code in SERVER_IN_TROUBLE
    return in_trouble or isinstance(error, ConnectionFailure | ExecutionTimeout)


def is_conflict(error: BaseException) -> bool:
    """Whether another transaction wrote the same documents first: begun anew, this one may succeed."""
    return (
        isinstance(error, PyMongoError) and error.has_error_label("TransientTransactionError") and not is_outage(error)
    )


def is_timeout(error: BaseException) -> bool:
    """Whether the database took longer than it was waited for; it may be away, or have too much to do."""
    return isinstance(error, StoreUnavailable) or (isinstance(error, PyMongoError) and error.timeout)


class StoreError(Exception):
    """Base of everything the store raises."""


class NotFound(StoreError):
    """No such document within the caller's scope; whether one exists outside it is not told."""

    def __init__(self, collection: str, key: str) -> None:
        super().__init__(f"Nothing with this id in {collection} within your area. Check the id.")
        self.collection = collection
        self.key = key


class AlreadyExists(StoreError):
    """A document with this id (or another unique value) is there already."""

    def __init__(self, collection: str) -> None:
        super().__init__(f"Something with this id is already in {collection}. Read it, or use a new id.")
        self.collection = collection


class StaleEdit(StoreError):
    """The document changed since the caller read it: read it again, and decide again."""

    def __init__(self, current: int) -> None:
        super().__init__("This changed since you read it. Read it again and repeat your change on what is there now.")
        self.current = current


class OutOfScope(StoreError):
    """A document outside the unit of work's area was to be written: a programming error, never a user's."""


class StoreUnavailable(StoreError):
    """The database did not answer, or was too contended; nothing was written. Try again shortly."""

    def __init__(self) -> None:
        super().__init__("The database does not answer at the moment; nothing was changed. Try again in a few seconds.")


INFRASTRUCTURE = (PyMongoError, StoreUnavailable, ConnectionError, TimeoutError)
"""What a batch waits out: the database away, contended, or restarting."""

DATABASE_AWAY = (PyMongoError, StoreUnavailable)
"""The database, and surely not whatever else a worker calls: a neighbour's TimeoutError is no outage of ours."""


class OutcomeUnknown(StoreUnavailable):
    """The commit's answer was lost, and asking again brought none that says: the deed may be done or not."""

    def __init__(self) -> None:
        Exception.__init__(
            self,
            "The database went away just as this was saved, and it is not known whether it was. Read it again before "
            "you repeat it.",
        )


class LeaseLost(StoreError):
    """Another holder took over: stop at once, whatever is half done is repeated by the successor."""


class WorkTakenOver(StoreError):
    """A leased work row is no longer ours; the transaction that wanted to finish it must not commit."""
