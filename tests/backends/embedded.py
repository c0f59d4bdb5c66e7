"""The embedded stack as a test backend: started once a run in a temporary directory."""

import tempfile
from pathlib import Path

from deploy.embedded.stack import ServerStack
from tests.backends.addresses import Addresses


class EmbeddedBackend:
    def __init__(self) -> None:
        self._stack: ServerStack | None = None
        self._directory: tempfile.TemporaryDirectory[str] | None = None

    @property
    def description(self) -> str:
        return "embedded stack (Kafka, a MongoDB-protocol server and Zipkin as child processes)"

    def start(self) -> Addresses:
        self._directory = tempfile.TemporaryDirectory(prefix="puskesos-test-", ignore_cleanup_errors=True)
        self._stack = ServerStack(Path(self._directory.name))
        self._stack.start()
        return Addresses(self._stack.kafka.bootstrap_servers, self._stack.mongodb.uri, self._stack.zipkin.url)

    def stop(self) -> None:
        if self._stack is not None:
            self._stack.stop()
        if self._directory is not None:
            self._directory.cleanup()
