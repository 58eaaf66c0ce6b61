"""Names the outside tools that a machine lacks, and finds the browser and the Java that tests use.

Runs under the system's own Python before anything is installed, so it knows the standard library only,
imports nothing of this package, and keeps to syntax that Python 3.7 can read.

    python3 build_scripts/toolchain.py build    # Python, Node, npm, git: what every command needs
    python3 build_scripts/toolchain.py test     # Chromium, Java: what only the tests need
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from typing import Iterator, Mapping, NamedTuple, Sequence

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 18
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
EXIT_OK, EXIT_ABSENT, EXIT_USAGE = 0, 2, 2


class Lack(NamedTuple):
    """One tool that is missing or too old, said in both languages."""

    english: str
    chinese: str


class TestTool(NamedTuple):
    """A tool that only some tests use: its path (None: absent), Debian packages, and what goes without."""

    name: str
    path: str | None
    packages: tuple[str, ...]
    lack: Lack


def find_python_lacks(version: tuple[int, ...] = sys.version_info[:3]) -> Iterator[Lack]:
    """Yield what is wrong with the Python running this file, whose version is `version`."""
    shown = ".".join(str(part) for part in version)
    if version[:2] < OLDEST_PYTHON:
        yield Lack(
            f"Python {shown} is too old: install Python 3.11 or newer, then name it: make PYTHON=python3.12",
            f"Python {shown} 太旧：请安装 Python 3.11 或更新的版本，再指明它：make PYTHON=python3.12",
        )
    elif importlib.util.find_spec("ensurepip") is None:
        yield Lack(
            "Python's venv module is missing: install the package python3-venv.",
            "缺少 Python 的 venv 模块：请安装 python3-venv。",
        )


def find_node_lacks() -> Iterator[Lack]:
    """Yield what is wrong with Node and npm."""
    shown = read_version("node")
    number = re.match(r"v?(\d+)", shown or "")
    if number is None:
        yield Lack(
            "Node.js is missing: install Node.js 18 or newer (package nodejs).",
            "缺少 Node.js：请安装 Node.js 18 或更新的版本（软件包 nodejs）。",
        )
    elif int(number.group(1)) < OLDEST_NODE:
        yield Lack(
            f"Node.js {shown} is too old: install Node.js 18 or newer.",
            f"Node.js {shown} 太旧：请安装 Node.js 18 或更新的版本。",
        )
    if read_version("npm") is None:
        yield Lack(
            "npm is missing: install npm (it comes with Node.js; on Debian and Ubuntu, package npm).",
            "缺少 npm：请安装 npm（通常随 Node.js 一起安装；Debian、Ubuntu 上为软件包 npm）。",
        )


def find_git_lacks() -> Iterator[Lack]:
    """Yield what is wrong with git."""
    if read_version("git") is None:
        yield Lack("git is missing: install git (package git).", "缺少 git：请安装 git（软件包 git）。")


def find_chromium(environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the path of a Chromium that starts, or None; `CHROMIUM` in `environ`, when set, decides alone."""
    named = environ.get("CHROMIUM")
    names = (named,) if named else CHROMIUM_NAMES
    return find_program(names, "--version", environ)


def find_java(environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the path of a Java that starts, or None; `JAVA_HOME` in `environ` comes before PATH."""
    home = environ.get("JAVA_HOME")
    names = (os.path.join(home, "bin", "java"), "java") if home else ("java",)
    return find_program(names, "-version", environ)


def find_program(names: Sequence[str], version_flag: str, environ: Mapping[str, str]) -> str | None:
    """Return the first of `names` that is on PATH and starts: some systems put a stub in a tool's place."""
    for name in names:
        path = shutil.which(name, path=environ.get("PATH", os.defpath))
        if path is not None and run_quietly(path, version_flag) is not None:
            return path
    return None


def read_version(name: str) -> str | None:
    """Return what `name --version` prints, or None when there is no such tool or it does not start."""
    path = shutil.which(name)
    return None if path is None else run_quietly(path, "--version")


def run_quietly(*command: str) -> str | None:
    """Return what a command prints on standard output, or None when it fails or hangs."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def find_test_tools() -> tuple[TestTool, ...]:
    """Return the tools that only some tests use, each with its path on this machine."""
    return (
        TestTool(
            "Chromium",
            find_chromium(),
            ("chromium", "fonts-noto-cjk"),
            Lack(
                "Chromium is missing: tests in a real browser are skipped. Install chromium or Google "
                "Chrome, or set CHROMIUM to its path.",
                "缺少 Chromium：真实浏览器测试将跳过。请安装 chromium 或 Google Chrome，或用 CHROMIUM 指明路径。",
            ),
        ),
        TestTool(
            "Java",
            find_java(),
            ("default-jre-headless",),
            Lack(
                "Java is missing: the Nu HTML checker's tests are skipped. Install a Java runtime, 11 or newer.",
                "缺少 Java：Nu HTML 校验测试将跳过。请安装 Java 运行环境（11 或更新的版本）。",
            ),
        ),
        TestTool(
            "nginx",
            find_nginx(),
            ("nginx-light",),
            Lack(
                "nginx is missing: tests of deploys behind a real server are skipped. Install nginx.",
                "缺少 nginx：在真实服务器后面的发布测试将跳过。请安装 nginx。",
            ),
        ),
        TestTool(
            "rsync",
            shutil.which("rsync"),
            ("rsync",),
            Lack(
                "rsync is missing: `belts deploy` and its tests need it. Install rsync.",
                "缺少 rsync：belts deploy 和它的测试需要它。请安装 rsync。",
            ),
        ),
        TestTool(
            "sshd",
            find_sshd(),
            ("openssh-server", "openssh-client"),
            Lack(
                "sshd is missing: tests of deploys by a real SSH are skipped. Install openssh-server.",
                "缺少 sshd：经真实 SSH 发布的测试将跳过。请安装 openssh-server。",
            ),
        ),
    )


def find_nginx() -> str | None:
    """Return the path of nginx, or None; Debian keeps it where only root's PATH looks."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}{os.pathsep}/usr/sbin")


def find_sshd() -> str | None:
    """Return the whole path of OpenSSH's server, which it insists on, or None."""
    return shutil.which("sshd", path=f"{os.environ.get('PATH', os.defpath)}{os.pathsep}/usr/sbin")


def may_install() -> bool:
    """Return whether this process may add system packages: root, on a machine with apt-get."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_packages(packages: Sequence[str]) -> bool:
    """Install Debian `packages`, showing apt-get's own words only when it fails; return whether it worked."""
    say([f"Installing {' '.join(packages)} … 正在安装……"])
    unattended = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (("update",), ("install", "-y", "--no-install-recommends", *packages)):
        done = subprocess.run(
            ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", *arguments),
            env=unattended,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            say([done.stdout.rstrip()])
            return False
    return True


def say(lines: Sequence[str]) -> None:
    """Write lines for a person to standard error."""
    sys.stderr.write("".join(f"{line}\n" for line in lines))


def check_build_tools() -> int:
    """Name every tool that all commands need and this machine lacks; return the exit code."""
    lacks = [*find_python_lacks(), *find_node_lacks(), *find_git_lacks()]
    for lack in lacks:
        say([lack.english, lack.chinese])
    return EXIT_ABSENT if lacks else EXIT_OK


def check_test_tools() -> int:
    """Install what the tests lack, or name it; a lack fails only in CI, where no test may go unrun."""
    absent = [tool for tool in find_test_tools() if tool.path is None]
    if absent and may_install():
        install_packages([package for tool in absent for package in tool.packages])
        absent = [tool for tool in find_test_tools() if tool.path is None]
    for tool in absent:
        say(tool.lack)
    if absent and os.environ.get("CI"):
        say(["CI is set, so a test that cannot run is a failure. 已设置 CI：不能运行的测试按失败处理。"])
        return EXIT_ABSENT
    return EXIT_OK


def main(argv: Sequence[str]) -> int:
    """Run one of the two checks named in the module's docstring; return 0, or 2 when something lacks."""
    checks = {"build": check_build_tools, "test": check_test_tools}
    if len(argv) != 1 or argv[0] not in checks:
        say(["usage: toolchain.py build|test"])
        return EXIT_USAGE
    return checks[argv[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
