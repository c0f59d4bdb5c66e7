"""Everything that is done to the system, by name."""

from collections.abc import Mapping

from tests.faults.rig import harm_to_lines, harm_to_processes, harm_to_servers, harm_to_time
from tests.faults.rig.disturbance import Disturbance

DISTURBANCES: Mapping[str, Disturbance] = {
    kind.name: kind
    for kind in (*harm_to_processes.KINDS, *harm_to_servers.KINDS, *harm_to_lines.KINDS, *harm_to_time.KINDS)
}
