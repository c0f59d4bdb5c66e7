"""The database's clock, for what several processes must agree on.

Of two machines that do not agree on the time, the one that is behind would write leases that the other takes for run
out, and both would do the same work.
"""

from datetime import UTC, datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase


async def server_now(database: "AsyncIOMotorDatabase[Any]") -> datetime:
    """What the database's clock shows, or showed a moment ago: asked each time, so that no clock here has a say."""
    answer = await database.client.admin.command("hello")
    shown: datetime = answer["localTime"]
    return shown.replace(tzinfo=UTC)
