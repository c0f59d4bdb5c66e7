"""Settings of the district's service: those of every service. What a district decides is data (data/*.yaml)."""

from chassis.settings import ServiceSettings


class ReferralSettings(ServiceSettings):
    """Environment variables PUSKESOS_*."""
