"""The machine that serves the site: this one, or another by SSH. Runs small scripts there and sends trees.

Both are asked the same way, in plain sh with coreutils and flock(1), so what is tried here holds there.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SSH = "ssh -o BatchMode=yes"
_NAME = r"[^-/:@\[\]\s][^/:@\[\]\s]*"
_REMOTE = re.compile(rf"(?P<user>{_NAME}@)?(?P<host>{_NAME}|\[[0-9A-Fa-f:.]+\]):(?P<folder>/.*[^/])/*")
_HERE = ("/", "./", "../")  # what begins so is a folder of this machine, whatever its name holds
_PATIENCE = 3  # seconds: a deploy that was killed lets go in less
_TAKEN, _FOREIGN = 75, 76  # exit codes of _LOCK

# Holds the lock until its standard input ends: also when this process, or the line, is cut off.
_LOCK = f"""
if [ -d "$1" ] && [ ! -d "$1/releases" ] && [ -n "$(ls -A "$1")" ]; then exit {_FOREIGN}; fi
umask 022
mkdir -p "$1/releases"
cd "$1"
exec flock -w {_PATIENCE} -E {_TAKEN} .lock sh -c 'echo locked; cat >/dev/null'
"""


class DeployFailed(Exception):
    """Nothing was switched, or it was switched back; the message says what to do. For the user: no traceback."""


@dataclass(frozen=True, slots=True)
class Host:
    """A folder on a machine. `host` is what rsync is told, empty for this machine; `ssh` the command before it."""

    folder: str
    host: str = ""
    ssh: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The target as a person writes it."""
        return f"{self.host}:{self.folder}" if self.host else self.folder

    def run(self, script: str, *arguments: str) -> str:
        """Run a script in the folder; returns what it prints. Raises DeployFailed."""
        command = self._command(f'set -eu\ncd "$1"\nshift\n{script}', *arguments)
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise DeployFailed(f"{self.name}: {done.stderr.strip() or f'exit {done.returncode}'}")
        return done.stdout

    def send(self, tree: Path, place: str, like: str = "") -> None:
        """Copy a tree to a new folder inside this one; files that `like` has too are linked, not sent.

        A linked file keeps its date, so a browser that revalidates it is told that nothing changed.
        """
        target = f"{self.folder}/{place}/"
        link = (f"--link-dest={self.folder}/{like}",) if like else ()
        shell = ("-e", shlex.join(self.ssh)) if self.host else ()
        done = subprocess.run(
            (
                *("rsync", "--recursive", "--checksum", "--chmod=D755,F644", "--perms", *link, *shell),
                f"{tree}/",
                f"{self.host}:{target}" if self.host else target,
            ),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise DeployFailed(f"{self.name}: {done.stderr.strip()}")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other deploy to this folder out; makes the folder when there is none."""
        with subprocess.Popen(
            self._command(f"set -eu\n{_LOCK}"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as keeper:
            if keeper.stdout is None or keeper.stdout.readline() != "locked\n":
                raise DeployFailed(self._explain_lock(*keeper.communicate()[1:], keeper.wait()))
            yield

    def _command(self, script: str, *arguments: str) -> tuple[str, ...]:
        here = ("sh", "-c", script, "belts", self.folder, *arguments)
        host = re.sub(r"[\[\]]", "", self.host)  # which ssh wants of no address
        return (*self.ssh, host, shlex.join(here)) if host else here

    def _explain_lock(self, said: str, code: int) -> str:
        if code == _TAKEN:
            return f"{self.name}: 另一次发布正在进行，等它结束再试 (another deploy is running: wait for it)"
        if code == _FOREIGN:
            return f"{self.name}: 目录里有别的文件，请给一个空目录 (the folder holds other files: name an empty one)"
        return f"{self.name}: {said.strip() or f'exit {code}'}"


def find_host(target: str, ssh: str = SSH) -> Host:
    """The host that a target names: a folder, or `[user@]host:/folder`, the host also as `[v6]`. Raises DeployFailed."""
    if remote := _REMOTE.fullmatch(target):
        return Host(remote["folder"], f"{remote['user'] or ''}{remote['host']}", tuple(shlex.split(ssh)))
    if re.search("[:@]", target) and not target.startswith(_HERE):
        raise DeployFailed(
            f"{target}: 另一台机器写作 [用户@]主机:/文件夹；本机的文件夹若带 : 或 @，以 ./ 或 / 开头"
            " (another machine is [user@]host:/folder; a folder here with : or @ begins with ./ or /)"
        )
    return Host(str(Path(target).resolve()))
