"""Real servers for tests: web servers with the settings that `belts hosting` prints, a client, and an SSH server."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from conftest import require

from build_scripts.records.city import unnamed_city
from build_scripts.toolchain import find_nginx, find_sshd
from build_scripts.web.hosting import SERVERS, Serving

_NGINX = """\
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/belts.conf;
}}
"""


@dataclass(frozen=True)
class Answer:
    """A response: status, headers by lower-case name, body as sent."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(port: int, path: str, encoding: str = "identity", **headers: str) -> Answer:
    """GET a path from a server on the loopback interface."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": encoding, **headers})
        response = connection.getresponse()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    finally:
        connection.close()


@contextmanager
def run_server(name: str, served: Path, folder: Path, address: str = "{port}") -> Iterator[int]:
    """Run nginx or Caddy over what is deployed in `served`, listening at `address`; yields its port.

    `folder` holds its own files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    settings = SERVERS[name](unnamed_city(), Serving(str(served), address.format(port=port)))
    command = _nginx(settings, folder) if name == "nginx" else _caddy(settings, folder)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
            env={**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)},
        )
    try:
        _wait(port, process, folder)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


_SSHD = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/key.pub
PidFile {folder}/pid
StrictModes no
UsePAM no
PasswordAuthentication no
KexAlgorithms curve25519-sha256
"""


@contextmanager
def run_sshd(folder: Path) -> Iterator[str]:
    """Run OpenSSH's server for this user alone, reached with a new key; yields the ssh command that reaches it."""
    found, port = find_sshd(), _free_port()
    require(found, "OpenSSH's server (sshd)")
    for name in ("host", "key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    public = (folder / "host.pub").read_text(encoding="utf-8")
    (folder / "known").write_text(f"[127.0.0.1]:{port} {public}", encoding="utf-8")
    (folder / "sshd_config").write_text(_SSHD.format(port=port, folder=folder), encoding="utf-8")
    with (folder / "log").open("wb") as log, _privilege_folder():
        command = [str(found), "-D", "-e", "-f", str(folder / "sshd_config")]
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait(port, process, folder)
            options = (f"UserKnownHostsFile={folder}/known", "StrictHostKeyChecking=yes", "BatchMode=yes")
            words = " ".join(f"-o {option}" for option in options)
            yield f"ssh -F none -p {port} -i {folder}/key -o IdentitiesOnly=yes {words}"
        finally:
            process.terminate()
            process.wait(timeout=20)


@contextmanager
def _privilege_folder() -> Iterator[None]:
    """The empty folder that sshd wants when root starts it; gone afterwards where the system had none."""
    folder = Path("/run/sshd")
    if os.geteuid() or folder.exists():
        yield
        return
    folder.mkdir(mode=0o755)
    try:
        yield
    finally:
        folder.rmdir()


def _nginx(settings: str, folder: Path) -> list[str]:
    found = find_nginx()
    require(found, "nginx")
    (folder / "belts.conf").write_text(settings, encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, user=user), encoding="utf-8")
    return [str(found), "-p", str(folder), "-c", str(folder / "nginx.conf")]


def _caddy(settings: str, folder: Path) -> list[str]:
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + settings, encoding="utf-8")
    caddy = Path(sys.executable).with_name("caddy")
    return [str(caddy), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(port: int, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    for _ in range(1200):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    logs = "\n".join(p.read_text() for p in (folder / "log", folder / "error.log") if p.exists())
    raise AssertionError(f"the server did not start:\n{logs}")
