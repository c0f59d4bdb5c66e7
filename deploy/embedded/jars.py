"""The jars of the embedded stack: a lock file, and a cache that holds only what matches it.

`python -m deploy.embedded.jars_resolve` writes the lock, at development time;
`python -m deploy.embedded.jars` fills the user's cache. Each line of the lock reads
`<set> <coordinate> <path in a Maven repository> <sha256>`.
"""

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.embedded.places import cache_folder

LOCK_FILE = Path(__file__).with_name("jars.lock")
MAVEN_CENTRAL = "https://repo1.maven.org/maven2"
REPOSITORY_SETTING = "PUSKESOS_MAVEN_REPOSITORY"
DOWNLOADS_AT_ONCE = 8
ATTEMPTS = 4
FIRST_PAUSE_SECONDS = 0.5


class JarError(RuntimeError):
    """A jar cannot be used; the message says what to do."""


class JarLockError(JarError):
    """The lock file cannot be read."""


class JarUnavailable(JarError):
    """The repository did not give the jar."""


class JarCorrupt(JarError):
    """What the repository gave is not what the lock names."""


@dataclass(frozen=True, order=True)
class Jar:
    """One line of the lock: `jar_set` is the part that needs it (kafka, zipkin)."""

    jar_set: str
    coordinate: str
    path: str
    sha256: str


def read_lock(lock_file: Path = LOCK_FILE) -> tuple[Jar, ...]:
    """All jars of a lock file, in its order (the order of the class path). Raises JarLockError."""
    jars = []
    for number, line in enumerate(lock_file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = line.split()
        if len(columns) != 4 or len(columns[3]) != 64 or ".." in columns[2]:
            raise JarLockError(
                f"{lock_file.name}:{number} is not '<set> <coordinate> <path> <sha256>'; run make lock-jars"
            )
        jars.append(Jar(*columns))
    return tuple(jars)


def repository_address() -> str:
    return os.environ.get(REPOSITORY_SETTING, MAVEN_CENTRAL).rstrip("/")


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fetch_jars(
    jars: Iterable[Jar],
    *,
    cache: Path | None = None,
    client: httpx.Client | None = None,
    said: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Path, ...]:
    """Brings every jar into the cache and returns their paths in the given order.

    A file whose checksum differs from the lock's is fetched again; a download that differs is refused.
    `said(done, total)` is called after each jar. Raises JarUnavailable, JarCorrupt.
    """
    wanted = tuple(jars)
    folder = (cache or cache_folder()) / "maven"
    own_client = client is None
    # trust_env is httpx's default: proxies and SSL_CERT_FILE of the environment are honoured.
    web = client or httpx.Client(timeout=60, follow_redirects=True)
    try:
        with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
            paths = []
            for path in pool.map(lambda jar: _bring(jar, folder, web), wanted):
                paths.append(path)
                said(len(paths), len(wanted))
            return tuple(paths)
    finally:
        if own_client:
            web.close()


def _bring(jar: Jar, folder: Path, web: httpx.Client) -> Path:
    target = folder / jar.path
    if target.is_file() and sha256_of(target) == jar.sha256:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    # Beside the target, so that the rename is atomic: a second clone never sees half a jar.
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    partial = Path(name)
    try:
        os.close(descriptor)
        _download(jar, partial, web)
        found = sha256_of(partial)
        if found != jar.sha256:
            raise JarCorrupt(
                f"{jar.coordinate} from {repository_address()} has sha256 {found}, the lock says "
                f"{jar.sha256}; it was not kept. Set {REPOSITORY_SETTING} to a repository you trust."
            )
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def _download(jar: Jar, partial: Path, web: httpx.Client) -> None:
    address = f"{repository_address()}/{jar.path}"
    reason = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(FIRST_PAUSE_SECONDS * 2**attempt)
        try:
            with web.stream("GET", address) as answer, partial.open("wb") as stream:
                if answer.status_code == httpx.codes.OK:
                    for chunk in answer.iter_bytes():
                        stream.write(chunk)
                    return
                reason = f"status {answer.status_code}"
                if answer.status_code < 500 and answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                    break
        except httpx.TransportError as error:
            reason = str(error) or type(error).__name__
    raise JarUnavailable(
        f"{address}: {reason}. Check the network, or set {REPOSITORY_SETTING} to another Maven repository."
    )


def main() -> int:
    try:
        paths = fetch_jars(read_lock())
    except JarError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{len(paths)} jars in {cache_folder()}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
