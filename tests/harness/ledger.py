"""A batch processor over the tiny ledger, with a real store and messages made by hand."""

from chassis.area import COUNTRY
from chassis.bus import BatchProcessor, Message
from chassis.store import Store
from contracts import Event, EventData, encode
from tests.harness.tiny import ACCOUNTS, Account, ledger_handlers


def a_message(event: Event[EventData] | bytes, offset: int = 0, topic: str = "complaint.created") -> Message:
    """The event as it comes from a topic; bytes are taken as they are."""
    value = event if isinstance(event, bytes) else encode(event)
    return Message(topic, 0, offset, b"key", value, None)


def messages_of(*events: Event[EventData] | bytes) -> list[Message]:
    return [a_message(event, offset) for offset, event in enumerate(events)]


def a_processor(store: Store, limit: int = 100) -> BatchProcessor[Account]:
    return BatchProcessor(store, ledger_handlers(), group="test", dead_letters_in_a_row_limit=limit)


async def account_of(store: Store, case: str) -> Account:
    return await store.reading(COUNTRY, ACCOUNTS).get(case)
