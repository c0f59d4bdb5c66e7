"""What an operator may do with reporting's read models: rebuild them, erase a case from them."""

from services.reporting.commands.erase import ERASE
from services.reporting.commands.rebuild import REBUILD

__all__ = ["ERASE", "REBUILD"]
