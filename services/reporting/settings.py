"""Settings of reporting: those of every service. From when on like cases are a surge is data (data/surges.yaml)."""

from chassis.settings import ServiceSettings


class ReportingSettings(ServiceSettings):
    """Environment variables PUSKESOS_*."""
