"""python -m deploy.embedded.companion: started by the supervisor."""

import uvicorn

from deploy.embedded.companion.app import create_app
from deploy.embedded.companion.settings import CompanionSettings


def main() -> None:
    settings = CompanionSettings()
    uvicorn.run(
        create_app(settings),
        host=settings.http_host,
        port=settings.http_port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
