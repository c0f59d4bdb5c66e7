"""The laws, in the order in which a fact goes its way."""

from audit.evidence import Law
from audit.laws.choice import every_fact_worth_telling_is_told
from audit.laws.deadlines import every_deadline_is_watched
from audit.laws.deeds import every_deed_is_one_event
from audit.laws.effects import every_event_had_one_effect
from audit.laws.messages import every_message_is_one_delivery
from audit.laws.origins import no_event_without_a_deed
from audit.laws.people import every_change_of_a_person_is_a_deed
from audit.laws.read_models import every_read_model_equals_a_rebuild
from audit.laws.requests import every_request_is_one_deed
from audit.laws.rest import outboxes_are_empty
from audit.laws.traces import every_event_carries_its_trace

LAWS = (
    Law(
        "requests", "Every request answered 2xx is exactly one deed in its owner's database", every_request_is_one_deed
    ),
    Law("deeds", "Every deed is exactly one event, in sequences without gaps", every_deed_is_one_event),
    Law(
        "people",
        "Nobody's legal basis changes without a deed at the desk, and a consent taken back is taken back",
        every_change_of_a_person_is_a_deed,
    ),
    Law("origins", "No event without a deed, and only its owner tells it", no_event_without_a_deed),
    Law(
        "effects",
        "Every event had exactly one effect in each reader, or is a dead letter with its reason",
        every_event_had_one_effect,
    ),
    Law("messages", "Every message to the outside is one delivery row", every_message_is_one_delivery),
    Law(
        "choice",
        "Every fact that a citizen must know has its message, and no other fact has one",
        every_fact_worth_telling_is_told,
    ),
    Law(
        "deadlines",
        "Every deadline that runs is watched, and stands still only while the citizen is waited for",
        every_deadline_is_watched,
    ),
    Law("read models", "Every read model equals a fresh rebuild", every_read_model_equals_a_rebuild),
    Law("outboxes", "Outboxes are empty at rest", outboxes_are_empty),
    Law("traces", "Every event carries the trace of its deed", every_event_carries_its_trace),
)

__all__ = ["LAWS"]
