"""Choosing ports on the loopback interface."""

import socket
from collections.abc import Collection

LOOPBACK = "127.0.0.1"


class NoFreePort(RuntimeError):
    """No port near the preferred one is free; stop what listens there or give other ports."""


def port_is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Without it a port whose last connections are in TIME_WAIT looks taken for a minute after a stop.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def choose_port(preferred: int, taken: Collection[int] = ()) -> int:
    """The preferred port when nobody has it, else the next free one above it (at most 200 higher)."""
    for port in range(preferred, min(preferred + 200, 65535)):
        if port not in taken and port_is_free(port):
            return port
    raise NoFreePort(f"no free port between {preferred} and {preferred + 199} on {LOOPBACK}")


def any_free_port() -> int:
    """A port that is free now; another process may take it before it is used."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def accepts_connections(port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=0.5):
            return True
    except OSError:
        return False
