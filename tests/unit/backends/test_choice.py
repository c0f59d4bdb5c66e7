"""What a run of tests stands on: the environment's servers, then containers, then the embedded stack."""

import docker
import pytest
from docker.errors import DockerException, ImageNotFound

from tests.backends import addresses, containers
from tests.backends.choice import EnvironmentBackend, choose_backend
from tests.backends.containers import ContainerBackend
from tests.backends.embedded import EmbeddedBackend


class Engine:
    """A Docker engine with some images at hand and some it can pull; remembers what it was asked."""

    def __init__(self, *, has: tuple[str, ...] = (), pulls: tuple[str, ...] = (), answers: bool = True) -> None:
        self._has, self._pulls, self._answers = has, pulls, answers
        self.pulled: list[str] = []
        self.images = self

    def ping(self) -> bool:
        if not self._answers:
            raise DockerException("no engine behind the socket")
        return True

    def get(self, image: str) -> None:
        if image not in self._has:
            raise ImageNotFound(image)

    def pull(self, image: str) -> None:
        if image not in self._pulls:
            raise DockerException("no way to the registry")
        self.pulled.append(image)


IMAGES = (containers.KAFKA_IMAGE, containers.MONGODB_IMAGE)


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (addresses.KAFKA, addresses.MONGODB, addresses.ZIPKIN):
        monkeypatch.delenv(name, raising=False)


def there_is(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def from_env(timeout: int) -> Engine:
        assert timeout > 0
        return engine

    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    monkeypatch.setattr(docker, "from_env", from_env)


def test_servers_of_the_environment_come_first_and_no_engine_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(**_: object) -> Engine:
        raise AssertionError("the engine was asked")

    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    monkeypatch.setattr(docker, "from_env", asked)
    monkeypatch.setenv(addresses.KAFKA, "127.0.0.1:19092")
    monkeypatch.setenv(addresses.MONGODB, "mongodb://tester:secret@127.0.0.1:27017")
    chosen = choose_backend()
    assert isinstance(chosen, EnvironmentBackend)
    assert chosen.start() == addresses.Addresses("127.0.0.1:19092", "mongodb://tester:secret@127.0.0.1:27017")
    assert "secret" not in chosen.description


@pytest.mark.parametrize("named", [addresses.KAFKA, addresses.MONGODB])
def test_half_an_environment_is_none(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    there_is(Engine(has=IMAGES), monkeypatch)
    monkeypatch.setenv(named, "127.0.0.1:1")
    assert isinstance(choose_backend(), ContainerBackend)


def test_an_engine_with_the_images_comes_before_the_embedded_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(has=IMAGES)
    there_is(engine, monkeypatch)
    assert isinstance(choose_backend(), ContainerBackend)
    assert engine.pulled == []


def test_an_engine_that_lacks_an_image_pulls_it(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(has=IMAGES[:1], pulls=IMAGES[1:])
    there_is(engine, monkeypatch)
    assert isinstance(choose_backend(), ContainerBackend)
    assert engine.pulled == [containers.MONGODB_IMAGE]


@pytest.mark.parametrize("has", [(), IMAGES[:1], IMAGES[1:]], ids=["neither", "Kafka only", "MongoDB only"])
def test_without_both_images_it_is_the_embedded_stack(monkeypatch: pytest.MonkeyPatch, has: tuple[str, ...]) -> None:
    there_is(Engine(has=has), monkeypatch)
    assert isinstance(choose_backend(), EmbeddedBackend)


def test_an_engine_that_does_not_answer_leaves_the_embedded_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    there_is(Engine(has=IMAGES, answers=False), monkeypatch)
    assert isinstance(choose_backend(), EmbeddedBackend)
