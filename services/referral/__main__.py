"""python -m services.referral"""

from chassis.main import run
from services.referral.app import DEFINITION

raise SystemExit(run(DEFINITION))
