"""Only what the lock names reaches the class path."""

import hashlib
from pathlib import Path

import httpx
import pytest

from deploy.embedded.jars import (
    REPOSITORY_SETTING,
    Jar,
    JarCorrupt,
    JarLockError,
    JarUnavailable,
    fetch_jars,
    read_lock,
)

CONTENT = b"a jar"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
JAR = Jar("kafka", "org.example:part:1.0", "org/example/part/1.0/part-1.0.jar", SHA256)


class Repository:
    """Answers every request with the same bytes and remembers what was asked."""

    def __init__(self, *answers: httpx.Response) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self))


def test_a_jar_is_fetched_once_and_then_taken_from_the_cache(tmp_path: Path) -> None:
    repository = Repository(httpx.Response(200, content=CONTENT))
    (path,) = fetch_jars([JAR], cache=tmp_path, client=repository.client())
    assert path.read_bytes() == CONTENT
    assert fetch_jars([JAR], cache=tmp_path, client=repository.client()) == (path,)
    assert len(repository.asked) == 1


def test_a_corrupt_download_is_refused_and_not_kept(tmp_path: Path) -> None:
    repository = Repository(httpx.Response(200, content=b"something else"))
    with pytest.raises(JarCorrupt, match=r"org\.example:part:1\.0"):
        fetch_jars([JAR], cache=tmp_path, client=repository.client())
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_a_jar_spoilt_in_the_cache_is_fetched_again(tmp_path: Path) -> None:
    repository = Repository(httpx.Response(200, content=CONTENT))
    (path,) = fetch_jars([JAR], cache=tmp_path, client=repository.client())
    path.write_bytes(b"half of it")
    fetch_jars([JAR], cache=tmp_path, client=repository.client())
    assert path.read_bytes() == CONTENT


def test_a_repository_that_stumbles_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.embedded.jars.FIRST_PAUSE_SECONDS", 0)
    repository = Repository(httpx.Response(503), httpx.Response(200, content=CONTENT))
    (path,) = fetch_jars([JAR], cache=tmp_path, client=repository.client())
    assert path.read_bytes() == CONTENT


def test_a_missing_jar_names_the_setting_that_helps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REPOSITORY_SETTING, "https://mirror.example/maven/")
    repository = Repository(httpx.Response(404))
    with pytest.raises(JarUnavailable, match=REPOSITORY_SETTING):
        fetch_jars([JAR], cache=tmp_path, client=repository.client())
    assert repository.asked == [f"https://mirror.example/maven/{JAR.path}"]


@pytest.mark.parametrize("line", ["kafka org.example:part:1.0", f"kafka a:b:1 ../outside.jar {SHA256}"])
def test_a_lock_that_cannot_be_trusted_is_refused(tmp_path: Path, line: str) -> None:
    lock = tmp_path / "jars.lock"
    lock.write_text(f"# comment\n{line}\n", encoding="utf-8")
    with pytest.raises(JarLockError, match=r"jars\.lock:2"):
        read_lock(lock)


def test_the_lock_of_the_stack_has_one_kafka_and_one_zipkin() -> None:
    jars = read_lock()
    clients = [jar for jar in jars if jar.coordinate.startswith("org.apache.kafka:kafka-clients:")]
    assert [jar.coordinate for jar in clients] == ["org.apache.kafka:kafka-clients:4.1.0"]
    assert len([jar for jar in jars if jar.jar_set == "zipkin"]) == 1
