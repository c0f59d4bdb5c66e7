"""python -m deploy.embedded up | clean-data"""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from deploy.embedded.places import Places, default_places
from deploy.embedded.up import clean_data, up

FILE_COLUMNS = 120


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.embedded", description=__doc__)
    parser.add_argument("deed", choices=["up", "clean-data"])
    parser.add_argument("--var", type=Path, default=default_places().var, help="folder of data and logs")
    parser.add_argument("--any-ports", action="store_true", help="leave the usual ports to another system")
    arguments = parser.parse_args()
    places = Places(arguments.var.resolve())
    # Written to a file, the ready screen must not be folded at the 80 columns rich assumes there.
    console = Console(width=None if sys.stdout.isatty() else FILE_COLUMNS)
    if arguments.deed == "clean-data":
        return clean_data(places, console)
    return up(places, console, usual_ports=not arguments.any_ports)


if __name__ == "__main__":
    raise SystemExit(main())
