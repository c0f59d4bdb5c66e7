"""Traces, metrics and logs: OpenTelemetry names and semantic conventions throughout."""

from chassis.telemetry.instruments import Instruments
from chassis.telemetry.provider import Telemetry, start_telemetry

__all__ = ["Instruments", "Telemetry", "start_telemetry"]
