"""python -m tests.faults.rig.child SERVICE: the service as it is, with the named steps put around its boundaries.

Told by the environment where its orders lie and which connections go through a proxy. SIGUSR1 writes the stacks of all
threads to its log: what a process that is stuck was doing.
"""

import faulthandler
import json
import os
import runpy
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.faults.rig import boundaries
from tests.faults.rig.redirect import address_of, redirect_process
from tests.faults.rig.steps import SERVICES, Arming, Steps

FOLDER = "FAULTS_FOLDER"
INSTANCE = "FAULTS_INSTANCE"
REDIRECTED = "FAULTS_REDIRECTED"


def environment(folder: Path, instance: str, redirected: Mapping[str, str]) -> dict[str, str]:
    """What the launcher is told; `redirected` maps host:port to the host:port connected to instead."""
    return {FOLDER: str(folder), INSTANCE: instance, REDIRECTED: json.dumps(dict(redirected))}


def main() -> None:
    service = sys.argv[1]
    if service not in SERVICES:
        raise SystemExit(f"no service {service}: one of {', '.join(SERVICES)}")
    faulthandler.register(signal.SIGUSR1, all_threads=True)
    boundaries.install(Steps(Arming(Path(os.environ[FOLDER]), os.environ[INSTANCE])))
    ways: dict[str, str] = json.loads(os.environ[REDIRECTED])
    redirect_process({address_of(asked): address_of(instead) for asked, instead in ways.items()})
    sys.argv[1:] = []
    runpy.run_module(f"services.{service}", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
