"""The end of a transaction, when the line to the database is broken just then."""

from typing import TYPE_CHECKING, Any, cast

from pymongo.errors import PyMongoError

from chassis.store.errors import OutcomeUnknown
from chassis.store.limits import ABORT_SECONDS, COMMIT_SECONDS, within

if TYPE_CHECKING:
    from motor.core import AgnosticClientSession


async def commit(session: "AgnosticClientSession") -> None:
    """Commit, asking again when the answer was lost.

    Raises OutcomeUnknown when it may have been committed; PyMongoError when it surely was not.
    """
    try:
        with within(COMMIT_SECONDS):
            await session.commit_transaction()
    except PyMongoError as error:
        # Asked again, a server that was restarted meanwhile knows no such transaction, committed or not, and says that
        # beginning anew is safe. It is not: the answer to the first question may have been yes.
        if _asked(session) > 1 or error.has_error_label("UnknownTransactionCommitResult"):
            raise OutcomeUnknown from error
        raise


async def abort(session: "AgnosticClientSession") -> None:
    """Abort what is still open. The driver does not say whether that arrived."""
    try:
        with within(ABORT_SECONDS):
            await session.abort_transaction()
    except PyMongoError:
        return  # the server has ended it already, or will when the session is used again


def _asked(session: "AgnosticClientSession") -> int:
    """How often the driver has sent the commit: it asks again by itself, and does not tell."""
    return int(cast("Any", session).delegate._transaction.attempt)
