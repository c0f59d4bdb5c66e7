"""What the village says of a case to the rest of the house: its whole public state."""

from pydantic import Field

from contracts.fields import CaseNumber, Closed, Code, FamilyKey, RegistryPeriod, UtcTime
from contracts.vocabulary import (
    Circumstance,
    ComplaintKind,
    ComplaintStatus,
    Component,
    ExclusionFlag,
    IntakeChannel,
    MembersBand,
    Sector,
    SubjectKind,
)


class FamilyProfile(Closed):
    """A family in bands: enough to match programmes, too little to recognise it."""

    family_key: FamilyKey
    listed: bool  # in the national registry
    decile: int | None = Field(default=None, ge=1, le=10)  # None: not listed, or not ranked yet
    components: tuple[Component, ...] = ()
    flags: tuple[ExclusionFlag, ...] = ()
    circumstances: tuple[Circumstance, ...] = ()
    members_band: MembersBand
    registry_period: RegistryPeriod


class ComplaintState(Closed):
    """The complaint as intake knows it now; the newest (by `sequence` from intake) replaces the older."""

    status: ComplaintStatus
    case_number: CaseNumber
    kind: ComplaintKind
    sector: Sector
    subject_kind: SubjectKind
    needs: tuple[Code, ...] = ()  # programmes asked for
    channel: IntakeChannel
    fast_track: bool = False  # never its cause
    family: FamilyProfile | None = None
    round: int = Field(default=0, ge=0)  # counts reopenings
    recorded_at: UtcTime  # counts for clocks
    occurred_at: UtcTime  # claimed by whoever recorded it, possibly offline
    waiting_since: UtcTime | None = None
    ended_at: UtcTime | None = None
