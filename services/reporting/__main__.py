"""python -m services.reporting"""

from chassis.main import run
from services.reporting.app import DEFINITION

raise SystemExit(run(DEFINITION))
