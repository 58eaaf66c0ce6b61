"""The machine that serves the site: this one, or another by SSH. Runs small scripts there and sends trees.

Both are asked the same way, in plain sh with coreutils and flock(1), so what is tried here holds there.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ..errors import UserError

SSH = "ssh -o BatchMode=yes"
_NAME = r"[^-/:@\[\]\s][^/:@\[\]\s]*"
_REMOTE = re.compile(rf"(?P<user>{_NAME}@)?(?P<host>{_NAME}|\[[0-9A-Fa-f:.]+\]):(?P<folder>/.*[^/])/*")
_HERE = ("/", "./", "../")  # what begins so is a folder of this machine, whatever its name holds
_PATIENCE = 3  # seconds: a deploy that was killed lets go in less
_TAKEN, _FOREIGN, _ABSENT, _LACKING = 75, 76, 77, 78  # exit codes of _LOCK
_PACKAGES = {"flock": "util-linux", "rsync": "rsync", "ssh": "openssh-client"}

# Holds the lock until its standard input ends: also when this process, or the line, is cut off.
# $2 is empty where there must be releases already.
_LOCK = f"""
for tool in flock ${{2:+rsync}}; do
    command -v "$tool" >/dev/null || {{ echo "$tool" >&2; exit {_LACKING}; }}
done
if [ -z "$2" ] && [ ! -d "$1/releases" ]; then exit {_ABSENT}; fi
if [ -d "$1" ] && [ ! -d "$1/releases" ] && [ -n "$(ls -A "$1")" ]; then exit {_FOREIGN}; fi
umask 022
mkdir -p "$1/releases"
cd "$1"
exec flock -w {_PATIENCE} -E {_TAKEN} .lock sh -c 'echo locked; cat >/dev/null'
"""

_ENGLISH = "LC_ALL=C"
# By what coreutils and rsync say in English, which they are asked to.
_ADVICE = {
    "No space left on device": "磁盘满了：腾出空间再发布 (the disk is full: make room, then deploy again)",
    "Permission denied": "没有权限：换一个用户，或请管理员放开这个文件夹 (not allowed: be another user, or have the folder opened)",
    "Read-only file system": "磁盘是只读的：换一个文件夹，或请管理员改成可写 (a read-only disk: name another folder, or have it made writable)",
    "Not a directory": "这里是文件，不是文件夹：请给一个文件夹 (a file stands there: name a folder)",
    "File exists": "这里是文件，不是文件夹：请给一个文件夹 (a file stands there: name a folder)",
}


class Host(NamedTuple):
    """A folder on a machine. `host` is what rsync is told, empty for this machine; `ssh` the command before it."""

    folder: str
    host: str = ""
    ssh: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The target as a person writes it."""
        return f"{self.host}:{self.folder}" if self.host else self.folder

    def is_within(self, folder: Path) -> bool:
        """Whether it is a folder of this machine, and inside another or that one itself."""
        return not self.host and Path(self.folder).resolve().is_relative_to(folder.resolve())

    def run(self, script: str, *arguments: str) -> str:
        """Run a script in the folder; returns what it prints. Raises UserError."""
        command = self._command(f'cd "$1"\nshift\n{script}', *arguments)
        return self._run(command)

    def send(self, tree: Path, place: str, like: str = "") -> None:
        """Copy a tree to a new folder inside this one; files that `like` has too are linked, not sent.

        A linked file keeps its date, so a browser that revalidates it is told that nothing changed.
        """
        target = f"{self.folder}/{place}/"
        link = (f"--link-dest={self.folder}/{like}",) if like else ()
        shell = ("-e", shlex.join(self.ssh)) if self.host else ()
        self._run(
            (
                *("env", _ENGLISH, "rsync"),
                *("--recursive", "--checksum", "--chmod=D755,F644", "--perms", *link, *shell),
                f"{tree}/",
                f"{self.host}:{target}" if self.host else target,
            )
        )

    @contextmanager
    def locked(self, *, make: bool = True) -> Iterator[None]:
        """Keep every other deploy to this folder out; `make` the folder when there is none."""
        with self._start(self._command(_LOCK, "make" if make else "")) as keeper:
            first = keeper.stdout.readline() if keeper.stdout else ""
            if first != "locked\n":
                raise UserError(
                    f"{self.name}: {_explain_lock(first, *keeper.communicate()[1:], keeper.wait())}"
                )
            yield

    def _start(self, command: Sequence[str]) -> subprocess.Popen[str]:
        """A process with pipes. Raises UserError where there is no such program."""
        pipe = subprocess.PIPE
        try:
            return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        except FileNotFoundError:
            raise UserError(_explain_lack(command[0])) from None

    def _run(self, command: Sequence[str]) -> str:
        """What a command prints. Raises UserError with what it complains of."""
        with self._start(command) as process:
            printed, complaint = process.communicate()
        if process.returncode:
            raise UserError(f"{self.name}: {_explain(complaint) or f'exit {process.returncode}'}")
        return printed

    def _command(self, script: str, *arguments: str) -> tuple[str, ...]:
        here = ("sh", "-c", f"set -eu\nexport {_ENGLISH}\n{script}", "belts", self.folder, *arguments)
        host = re.sub(r"[\[\]]", "", self.host)  # which ssh wants of no address
        return (*self.ssh, host, shlex.join(here)) if host else here


def _explain(complaint: str) -> str:
    """What a command complained of, with what to do where that is known."""
    advice = (words for sign, words in _ADVICE.items() if sign in complaint)
    return "\n".join(filter(None, (complaint.strip(), *advice)))


def _explain_lock(first: str, complaint: str, code: int) -> str:
    """Why the lock was not taken, by the first line that was printed, what was complained of and the exit code."""
    if first:
        return (
            f"登录时输出了 {first.strip()!r}，登录脚本不能输出任何东西"
            " (this was printed at login: its scripts must print nothing)"
        )
    if code == _LACKING:
        return _explain_lack(complaint.strip().rpartition("\n")[2])
    return {
        _TAKEN: "另一次发布正在进行，等它结束再试 (another deploy is running: wait for it)",
        _FOREIGN: "目录里有别的文件，请给一个空目录 (the folder holds other files: name an empty one)",
        _ABSENT: "这里没有发布过的网站 (no site was deployed here)",
    }.get(code, _explain(complaint) or f"exit {code}")


def _explain_lack(tool: str) -> str:
    package = _PACKAGES.get(tool)
    install = f"，请安装 {package} (no such command: install {package})" if package else " (no such command)"
    return f"没有 {tool} 这个命令{install}"


def find_host(target: str, ssh: str = SSH) -> Host:
    """The host that a target names: a folder, or `[user@]host:/folder`, the host also as `[v6]`. Raises UserError."""
    if remote := _REMOTE.fullmatch(target):
        return Host(remote["folder"], f"{remote['user'] or ''}{remote['host']}", tuple(shlex.split(ssh)))
    if re.search("[:@]", target) and not target.startswith(_HERE):
        raise UserError(
            f"{target}: 另一台机器写作 [用户@]主机:/文件夹；本机的文件夹若带 : 或 @，以 ./ 或 / 开头"
            " (another machine is [user@]host:/folder; a folder here with : or @ begins with ./ or /)"
        )
    return Host(str(Path(target).resolve()))
