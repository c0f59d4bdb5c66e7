"""`make run`: from nothing to the ready screen, and down again."""

import asyncio
import fcntl
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from chassis.bus.topics import create_topics
from contracts.manifest import Manifest
from deploy.embedded.demo_users import demo_users
from deploy.embedded.endpoints import write_endpoints
from deploy.embedded.jars import JarError
from deploy.embedded.keycloak import installation
from deploy.embedded.parts import CannotPrepare
from deploy.embedded.places import Places
from deploy.embedded.ports import NoFreePort
from deploy.embedded.screen import show_ready
from deploy.embedded.stack import StackJars, fetch_stack_jars
from deploy.embedded.supervisor import KeepsDying, Supervisor
from deploy.embedded.system import TIERS, System, any_ports, choose_ports
from services.referral.reference import Reference

Say = Callable[[str], None]


class AlreadyRunning(RuntimeError):
    """Another supervisor holds the folder; stop it, or look at its ready screen."""


def up(places: Places, console: Console, *, usual_ports: bool = True) -> int:
    """Runs until interrupted; the exit code of the command: 0 after Ctrl-C, 1 when it cannot run."""

    def say(text: str) -> None:
        console.print(text, markup=False, highlight=False, soft_wrap=True)

    try:
        with only_supervisor(places):
            _stop_on_signals()
            ports = choose_ports(say) if usual_ports else any_ports()
            return _run(System(places, _fetch(console), ports), console, say)
    except (AlreadyRunning, CannotPrepare, JarError, NoFreePort) as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 0


def _run(system: System, console: Console, say: Say) -> int:
    places = system.places
    write_endpoints(places.endpoints, system.endpoints(ready=False))
    supervisor = Supervisor(places.log, say)
    try:
        say("Starting Kafka, the databases, the traces and Keycloak")
        if not installation(system.jars.keycloak).is_dir():
            say("Keycloak is unpacked and built for this checkout, once")
        supervisor.start(system.servers())
        supervisor.wait_until_ready("kafka", *(system.mongodb(tier).part().name for tier in TIERS))
        _make_topics(system, say)
        supervisor.start([system.companion()])
        supervisor.wait_until_ready("companion")
        say("Starting the services")
        supervisor.start([service.part() for service in system.services()])
        supervisor.wait_until_ready()
        endpoints = system.endpoints(ready=True)
        write_endpoints(places.endpoints, endpoints)
        show_ready(console, endpoints, demo_users(), str(places.var))
        supervisor.watch()
    except KeyboardInterrupt:
        say("Stopping")
        return 0
    except KeepsDying as error:
        say(f"{error}: stopping everything")
        return 1
    finally:
        _ignore_signals()
        write_endpoints(places.endpoints, system.endpoints(ready=False))
        supervisor.stop()
        say("Everything is stopped; the data is kept")


def _fetch(console: Console) -> StackJars:
    columns = TextColumn("Java libraries"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("jars", total=None)
        return fetch_stack_jars(lambda done, total: progress.update(task, completed=done, total=total))


def _make_topics(system: System, say: Say) -> None:
    agencies = [agency.code for agency in Reference.load().directory.agencies]
    made = asyncio.run(create_topics(system.kafka.bootstrap_servers, Manifest.load(), agencies=agencies))
    if made:
        say(f"{len(made)} topics created from the manifest")


@contextmanager
def only_supervisor(places: Places) -> Iterator[None]:
    """Two supervisors on one folder would corrupt its databases. Raises AlreadyRunning."""
    places.var.mkdir(parents=True, exist_ok=True)
    with places.lock.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRunning(
                f"{places.var} is in use by process {lock.read().strip()}: stop it first (Ctrl-C there)"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def clean_data(places: Places, console: Console) -> int:
    """Forgets everything that `up` stored; refuses a folder in which there is anything else."""
    strangers = {entry.name for entry in places.var.iterdir()} - places.own_names if places.var.exists() else set()
    if strangers:
        console.print(
            f"{places.var} holds what no system of ours put there ({sorted(strangers)[0]} ...): nothing was removed.",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
        return 1
    try:
        with only_supervisor(places):
            shutil.rmtree(places.var)
    except AlreadyRunning as error:
        console.print(str(error), markup=False)
        return 1
    console.print(f"{places.var} is forgotten", markup=False, highlight=False)
    return 0


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _stop_on_signals() -> None:
    # A shell in the background starts its children with SIGINT ignored; a closed terminal sends SIGHUP.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)


def _ignore_signals() -> None:
    """A second Ctrl-C must not cut the orderly stop short: Kafka would spend its next start on recovery."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
