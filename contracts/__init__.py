"""The shared language of Puskesos: what the services tell each other, and nothing else.

Installable alone (pydantic only). A reader needs `decode` and `contracts.events`; a writer `Event.of` and
`encode`; a builder of infrastructure `contracts.manifest` (extra `tools`).
"""

from contracts.codec import MalformedEvent, Undecodable, UnknownEventType, UnsupportedMajor, decode, encode
from contracts.envelope import Event, EventData

__all__ = [
    "Event",
    "EventData",
    "MalformedEvent",
    "Undecodable",
    "UnknownEventType",
    "UnsupportedMajor",
    "decode",
    "encode",
]
