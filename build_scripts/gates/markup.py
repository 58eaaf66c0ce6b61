"""The Nu HTML checker over every page of a site. It is a Java program, kept among the npm packages."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

from ..toolchain import find_java
from .candidate import Candidate
from .verdict import NotRun

_JAR = "vnu-jar/build/dist/vnu.jar"
# It runs for seconds: compiling with all optimisations takes more than they save, even for a site of 300 pages.
_JAVA_FLAGS = ("-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


def check_markup(candidate: Candidate) -> Iterator[str]:
    """Every error that the checker finds. Raises NotRun without Java or the checker."""
    java, jar = find_java(), candidate.node_modules / _JAR
    if java is None or not jar.is_file():
        raise NotRun("Java" if java is None else f"{_JAR}: make setup-dev")
    flags = ("--errors-only", "--format", "json", "--skip-non-html", "--exit-zero-always")
    command = (java, *_JAVA_FLAGS, "-jar", str(jar), *flags, str(candidate.site))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        messages = json.loads(done.stderr)["messages"]
    except (ValueError, KeyError):
        raise NotRun(f"vnu: {done.stderr.strip()[-200:]}") from None
    for message in messages:
        name = message.get("url", "").rpartition(f"{candidate.site.resolve().as_posix()}/")[2]
        yield f"{name}:{message.get('lastLine', 0)}: {message['message']}"
