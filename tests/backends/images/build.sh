#!/usr/bin/env bash
# Builds two images for the container backend where none can be pulled: Kafka that reads KAFKA_ variables as the
# official image does, and a MongoDB-protocol server. Needs root, debootstrap, and an engine that DOCKER_HOST or the
# default socket names. Prints the settings with which the tests use them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../../.."
python=.venv/bin/python
uv=${UV:-$(command -v uv || echo .tools/uv/bin/uv)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

debootstrap --variant=minbase --include=python3 bookworm "$work/base"
tar -C "$work/base" -c . | docker import - puskesos-test/base

mkdir -p "$work/kafka/jars"
cp "$here"/kafka/* "$work/kafka/"
$python -m deploy.embedded.jars
$python - "$work/kafka/jars" <<'PYTHON'
import shutil, sys
from deploy.embedded.stack import fetch_stack_jars
for jar in fetch_stack_jars().kafka:
    shutil.copy(jar, sys.argv[1])
PYTHON
cp -a "$($python -c 'from deploy.embedded.java import JAVA_HOME; print(JAVA_HOME)')" "$work/kafka/java"
docker build --tag puskesos-test/kafka "$work/kafka"

mkdir -p "$work/mongodb"
cp "$here"/mongodb/* "$work/mongodb/"
"$uv" pip install --quiet --target "$work/mongodb/python" --python-version 3.11 --only-binary :all: \
    "$($python -c 'from importlib.metadata import version; print("secantusdb==" + version("secantusdb"))')"
docker build --tag puskesos-test/mongodb "$work/mongodb"

echo "PUSKESOS_TEST_KAFKA_IMAGE=puskesos-test/kafka PUSKESOS_TEST_MONGODB_IMAGE=puskesos-test/mongodb"
