"""What is told of a service, in sentences: each concern with what to do about it."""

from collections.abc import Callable, Mapping

from chassis.operation.judgement import Judged
from chassis.operation.situation import Concern, State
from chassis.pages import Formats
from chassis.pages import lazy as _

STATES: Mapping[State, str] = {
    State.OK: _("All is well"),
    State.ATTENTION: _("Needs attention"),
    State.STUCK: _("Stuck"),
}
FINDINGS: Mapping[Concern, str] = {
    Concern.STARTING: _("It is starting, and nothing has been looked at yet. Wait a few seconds."),
    Concern.DATABASE_SILENT: _(
        "The database has not answered for %(duration)s: requests are refused, nothing is lost. See whether it runs "
        "and can be reached; the service goes on by itself."
    ),
    Concern.KAFKA_SILENT: _(
        "Kafka has not answered for %(duration)s: deeds are stored and told later, nothing is heard. See whether it "
        "runs and can be reached; the service goes on by itself."
    ),
    Concern.CONSUMER_STOPPED: _(
        "Too many events in a row could not be handled, so hearing was stopped before anything was passed over; "
        "%(count)s wait. Look for “consumer stopped by dead letters” in the log: it names the last one and why. Mend "
        "the cause, then start the service again."
    ),
    Concern.TOPICS_MISSING: _("Topics do not exist: %(names)s. Make them: %(command)s topics create"),
    Concern.FACTS_HELD: _(
        "%(count)s facts wait because their topic does not exist: %(names)s. Make it: %(command)s topics create. They "
        "are told a few seconds later, in order; other topics are not held up."
    ),
    Concern.OUTBOX_FULL: _(
        "%(count)s rows wait to be told: new deeds are refused until Kafka has taken some. See whether Kafka runs and "
        "takes writes."
    ),
    Concern.OUTBOX_FILLING: _(
        "%(count)s rows wait to be told. See whether Kafka runs and takes writes, before deeds have to be refused."
    ),
    Concern.CONSUMER_STUCK: _(
        "On %(count)s partitions events wait and none has been handled for %(duration)s: %(names)s. Look for “batch "
        "begun anew” in the log; if it is silent, start the service again: nothing is lost by it."
    ),
    Concern.OUTBOX_STUCK: _(
        "%(count)s rows wait to be told and none has been for %(duration)s. Look for “publishing begun anew” in the "
        "log; if it is silent, start the service again: nothing is lost by it."
    ),
    Concern.WORK_STUCK: _(
        "Work is due and nothing of it has been begun or finished for %(duration)s: %(names)s. Look for “work failed” "
        "in the log; if it is silent, start the service again: nothing is lost by it."
    ),
    Concern.WORK_LATE: _(
        "%(count)s tasks are late, the oldest by %(duration)s: %(names)s. They are being done; if their number grows, "
        "run another instance."
    ),
    Concern.LETTERS_WAIT: _(
        "Events set aside and not yet decided on: %(count)s. Look at the dead letters; handling them again can be "
        "tried first without changing anything."
    ),
    Concern.ALL_WELL: _("Everything that came in was handled, and everything that is to be told is told."),
}
COUNTED: Mapping[str, str] = {
    "events_handled": _("Events handled"),
    "events_repeated": _("Repetitions passed over"),
    "events_set_aside": _("Events set aside"),
    "events_published": _("Facts told"),
    "work_done": _("Work done"),
    "work_failed": _("Attempts at work that failed"),
    "batch_retries": _("Batches begun anew"),
    "publishing_retries": _("Publishing begun anew"),
    "transaction_retries": _("Deeds begun anew after a conflict"),
    "rebalances": _("Partitions dealt out anew"),
}
"""What a process counts, by the names of `Counted`."""

Say = Callable[[str], str]
"""Says a text of the catalogue in one language."""


def says(judged: Judged, command: str, say: Say, formats: Formats) -> str:
    """The sentence of one concern. `command`: how the service's commands begin."""
    return say(FINDINGS[judged.concern]) % {
        "count": formats.number(judged.count),
        "duration": formats.duration(judged.seconds),
        "names": ", ".join(judged.names),
        "command": command,
    }
