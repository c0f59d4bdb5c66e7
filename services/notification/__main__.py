"""Runs the service: `python -m services.notification`."""

from chassis.main import run
from services.notification.app import DEFINITION

if __name__ == "__main__":
    raise SystemExit(run(DEFINITION))
