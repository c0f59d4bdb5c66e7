"""python -m services.intake"""

from chassis.main import run
from services.intake.app import DEFINITION

raise SystemExit(run(DEFINITION))
