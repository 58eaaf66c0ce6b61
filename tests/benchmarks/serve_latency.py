"""From saving a record to the reloaded page: `belts serve`, asked as an open page asks it."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path

_POLL = re.compile(r"livereload\((\d+), (\d+)\)")


def measure_latency(city: Path, saves: int, environment: Mapping[str, str]) -> list[float]:
    """Seconds from each save of a record until its page has come with the new text."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "build_scripts", "-C", str(city), "serve", "--port", str(port)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True
    ) as server:
        try:
            assert server.stdout
            address = server.stdout.readline().strip()
            _wait_until_open(port)
            return [_save_and_wait(city, address, number) for number in range(saves)]
        finally:
            server.terminate()


def _wait_until_open(port: int) -> None:
    """The address is printed just before the server listens."""
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("belts serve does not answer")


def _save_and_wait(city: Path, address: str, number: int) -> float:
    stem = f"area-{number}"
    path, page = city / "belts" / "areas" / f"{stem}.yml", f"{address}areas/{stem}/"
    found = _POLL.search(_fetch(page))
    assert found, "the page does not ask for news"
    epoch, request = found.groups()
    mark = f"合成改动{time.monotonic_ns()}。"
    text = re.sub(r"^summary: .*$", f"summary: {mark}", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    start = time.perf_counter()
    path.write_text(text, encoding="utf-8")
    while int(_fetch(f"{address}livereload/{epoch}/{request}")) <= int(epoch):
        pass
    assert mark in _fetch(page), "the page came without the change"
    return time.perf_counter() - start


def _fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=120) as answer:
        return str(answer.read().decode())
