"""The command line of every service: serve (the default), openapi, topics, dead-letters, and the service's own."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any

import uvicorn

from chassis.bus import topics_command
from chassis.dead_letters.command_line import add_commands, run_command
from chassis.http.app import create_app
from chassis.service import Runtime, ServiceDefinition
from chassis.settings import TracesExporter, load_settings

GRACE_SECONDS = 20


def parser_of(definition: ServiceDefinition[Any]) -> argparse.ArgumentParser:
    """The words a service understands."""
    parser = argparse.ArgumentParser(
        prog=f"python -m services.{definition.name}",
        description=f"{definition.summary} Settings are environment variables PUSKESOS_*, see docs/settings.md.",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("serve", help="run the service (the default)")
    commands.add_parser("openapi", help="print the OpenAPI document")
    topics_command.add_commands(commands)
    add_commands(commands)
    for command in definition.commands:
        command.add_words(commands)
    return parser


def run(definition: ServiceDefinition[Any], arguments: Sequence[str] | None = None) -> int:
    """Run one command of a service. Exit codes: 0 done, 1 not possible, 2 wrong words, 78 wrong settings."""
    chosen = parser_of(definition).parse_args(arguments)
    settings = load_settings(definition.settings)
    own = next((command for command in definition.commands if command.name == chosen.command), None)
    if own is not None:  # what is done to what is not live must leave no trace of a fact
        settings = settings.model_copy(update={"traces_exporter": TracesExporter.NONE})
    runtime = Runtime(definition, settings)
    if own is not None:
        return asyncio.run(own.run(runtime, chosen))
    match chosen.command:
        case None | "serve":
            uvicorn.run(
                create_app(runtime),
                host=runtime.settings.http_host,
                port=runtime.settings.http_port,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
            return 0
        case "openapi":
            json.dump(create_app(runtime).openapi(), sys.stdout, indent=2)
            return 0
        case "topics":
            return asyncio.run(topics_command.run_command(runtime, chosen))
        case _:
            return asyncio.run(run_command(runtime, chosen))
