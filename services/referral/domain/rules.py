"""What a district goes by on one day: all that a decision depends on beside the case itself."""

from dataclasses import dataclass

from services.referral.domain.agencies import Directory
from services.referral.domain.calendar import WorkingCalendar
from services.referral.domain.clocks import Limits
from services.referral.domain.periods import Periods
from services.referral.domain.programmes import Catalogue


@dataclass(frozen=True)
class DistrictRules:
    calendar: WorkingCalendar
    limits: Limits
    catalogue: Catalogue
    directory: Directory
    periods: Periods
