"""Tasks a service cannot live without: relay, workers, consumer. When one dies, so does the process.

A dead relay in a process that calls itself ready would accept deeds that nobody ever hears of. A new process begins
where the last commit left off.
"""

import asyncio
import os
from collections.abc import Callable
from typing import Any

import structlog

log = structlog.get_logger(__name__)

EXIT_UNFORESEEN = 70  # EX_SOFTWARE of sysexits.h

end_process: Callable[[int], object] = os._exit
"""No cleanup of any library may acknowledge or publish anything on the way out."""


def vital(task: "asyncio.Task[Any]") -> "asyncio.Task[Any]":
    """Watch a task; an exception that gets out of it ends the process with exit code 70."""

    def look(done: "asyncio.Task[Any]") -> None:
        if done.cancelled():
            return
        fault = done.exception()
        if fault is not None:
            log.critical("a vital task died; the process ends here", task=done.get_name(), exc_info=fault)
            end_process(EXIT_UNFORESEEN)

    task.add_done_callback(look)
    return task
