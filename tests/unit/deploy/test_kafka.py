"""What Kafka is given before its start."""

import uuid
from itertools import chain, repeat
from pathlib import Path

import pytest

from deploy.embedded import kafka
from deploy.embedded.kafka import Kafka
from deploy.embedded.parts import CannotPrepare


def test_a_cluster_id_never_looks_like_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = chain([uuid.UUID(bytes=b"\xf8" + bytes(15))], repeat(uuid.UUID(int=1)))
    monkeypatch.setattr("deploy.embedded.kafka.uuid.uuid4", lambda: next(drawn))
    assert kafka.new_cluster_id() == "AAAAAAAAAAAAAAAAAAAAAQ"


def test_a_folder_that_cannot_be_formatted_is_one_clear_error(tmp_path: Path) -> None:
    broker = Kafka(tmp_path, jars=(), port=1, controller_port=2)
    with pytest.raises(CannotPrepare, match="cannot be made ready"):
        broker.part().prepare()
