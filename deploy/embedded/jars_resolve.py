"""Development time only: resolves the stack's coordinates with jgo and writes the lock."""

import sys
from collections.abc import Sequence
from pathlib import Path

from jgo.maven import MavenContext

from deploy.embedded.jars import LOCK_FILE, Jar, repository_address, sha256_of

# The `!` makes a coordinate plain. Without it jgo takes it as a bill of materials for the others, which
# silently put kafka-clients 3.8 under Kafka 4.1.
KAFKA = (
    "org.apache.kafka:kafka_2.13:4.1.0!",
    "net.sourceforge.argparse4j:argparse4j:0.7.0!",
    "org.apache.logging.log4j:log4j-core:2.24.3!",
    "org.slf4j:slf4j-jdk14:1.7.36!",
)
ZIPKIN = "io.zipkin:zipkin-server:3.5.1:exec"
KEYCLOAK = "org.keycloak:keycloak-quarkus-dist:26.7.3::zip"


def write_lock(lock_file: Path) -> int:
    """Resolves every set, downloads it to take its checksums, writes the lock, returns the number of jars."""
    context = MavenContext(remote_repos={"repository": repository_address()}, timeout=60)
    jars = [
        *_resolved("kafka", KAFKA, context),
        _alone("zipkin", ZIPKIN, context),
        _alone("keycloak", KEYCLOAK, context),
    ]
    lines = [
        "# Jars of the embedded stack. Written by `make lock-jars`; do not edit.",
        "# <set> <coordinate> <path in a Maven repository> <sha256>",
        *(f"{jar.jar_set} {jar.coordinate} {jar.path} {jar.sha256}" for jar in jars),
    ]
    lock_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(jars)


def _resolved(jar_set: str, coordinates: Sequence[str], context: MavenContext) -> list[Jar]:
    inputs, transitive = context.resolver.resolve([context.create_dependency(c) for c in coordinates])
    wanted = [d.artifact for d in (*inputs, *transitive) if d.scope in (None, "compile", "runtime")]
    return sorted(_locked(jar_set, artifact) for artifact in wanted)


def _alone(jar_set: str, coordinate: str, context: MavenContext) -> Jar:
    return _locked(jar_set, context.create_dependency(coordinate).artifact)


def _locked(jar_set: str, artifact) -> Jar:  # type: ignore[no-untyped-def]
    name = f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}"
    coordinate = f"{name}:{artifact.classifier}" if artifact.classifier else name
    path = (artifact.component.path_prefix / artifact.filename).as_posix()
    return Jar(jar_set, coordinate, path, sha256_of(artifact.resolve()))


if __name__ == "__main__":
    sys.stdout.write(f"{write_lock(LOCK_FILE)} jars locked in {LOCK_FILE.name}\n")
