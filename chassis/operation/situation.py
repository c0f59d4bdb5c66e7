"""What is to be told of a service: figures, and what they mean. Counts and moments only, never an id of a case."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True)


class TopicLag(_Told):
    """One topic the service reads."""

    topic: str
    events: int = Field(description="not yet handled, with the markers of transactions between them")
    partitions_behind: int


class Consumer(_Told):
    """How far the service is with what it reads, as Kafka keeps it."""

    stopped: bool = Field(description="too many dead letters in a row stopped it; an operator is needed")
    lag: int = Field(description="events not yet handled, over all topics")
    topics: tuple[TopicLag, ...]
    stuck_seconds: float = Field(description="the slowest partition with waiting events has committed nothing for")
    partitions_stuck: int = Field(description="partitions with waiting events that stood still for over a minute")


class HeldBack(_Told):
    """Facts set aside because their topic does not exist."""

    topic: str
    events: int
    oldest_seconds: float


class Outbox(_Told):
    """Facts not yet told."""

    rows: int
    limit_rows: int = Field(description="deeper than this, deeds are refused")
    oldest_seconds: float
    stuck_seconds: float = Field(description="the oldest fact has been the same for")
    held: tuple[HeldBack, ...]


class WorkKind(_Told):
    """Work with the outside world of one kind: messages to send, clocks to fire."""

    kind: str
    due: int = Field(description="due and not begun; counted up to 10,000")
    oldest_due_seconds: float
    in_hand: int
    oldest_lease_seconds: float


class Letters(_Told):
    """Dead letters that lie there now."""

    reason: str
    count: int
    oldest_at: datetime
    list_them: str = Field(description="the command that lists them")
    try_them: str = Field(description="the command that says which a replay would mend, and changes nothing")
    replay_them: str


class Counted(_Told):
    """Counted by this process since its start."""

    events_handled: int
    events_repeated: int
    events_set_aside: int
    events_published: int
    work_done: int
    work_failed: int
    batch_retries: int
    publishing_retries: int
    transaction_retries: int
    rebalances: int


class Situation(_Told):
    """All figures of a service at one moment. None: never seen yet."""

    service: str
    at: datetime
    since: datetime | None = Field(description="when this process started its relay, workers and consumer")
    kafka_silent_seconds: float = Field(description="0 while Kafka answers")
    database_silent_seconds: float = Field(description="0 while the database answers")
    consumer: Consumer | None = Field(description="None also for a service that hears nothing")
    outbox: Outbox | None
    work: tuple[WorkKind, ...]
    work_stuck_seconds: float
    kinds_stuck: tuple[str, ...]
    letters: tuple[Letters, ...] | None
    topics_missing: tuple[str, ...] | None
    counted: Counted


class State(StrEnum):
    """`stuck`: work and no progress; somebody has to do something."""

    OK = "ok"
    ATTENTION = "attention"
    STUCK = "stuck"


class Concern(StrEnum):
    """What may be told of a service, most urgent first."""

    STARTING = "starting"
    DATABASE_SILENT = "database_silent"
    KAFKA_SILENT = "kafka_silent"
    CONSUMER_STOPPED = "consumer_stopped"
    TOPICS_MISSING = "topics_missing"
    FACTS_HELD = "facts_held"
    OUTBOX_FULL = "outbox_full"
    OUTBOX_FILLING = "outbox_filling"
    CONSUMER_STUCK = "consumer_stuck"
    OUTBOX_STUCK = "outbox_stuck"
    WORK_STUCK = "work_stuck"
    WORK_LATE = "work_late"
    LETTERS_WAIT = "letters_wait"
    ALL_WELL = "all_well"


class Finding(_Told):
    """One thing that is so, and what to do about it."""

    concern: Concern
    state: State
    says: str


class OperationReport(Situation):
    """The body of /operation.json."""

    state: State = Field(description="the worst of its findings")
    findings: tuple[Finding, ...] = Field(description="never empty; the most urgent first")
