"""How long a rollback takes: the command as it is typed, until it ends, here and through a real SSH server.

python tests/benchmarks/rollback.py [ROUNDS]     # over a copy of site/, which must have been built
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from web_servers import run_sshd  # noqa: E402

from build_scripts.deploy.host import SSH, find_host  # noqa: E402
from build_scripts.deploy.release import deploy_site  # noqa: E402
from build_scripts.provenance.stamp import STAMP, decode_stamp, encode_stamp, hash_manifest, hash_tree  # noqa: E402


def make_other(site: Path, folder: Path) -> Path:
    """The same site with another home page, as a build of its own."""
    shutil.copytree(site, folder)
    with (folder / "index.html").open("a", encoding="utf-8") as page:
        page.write("<!-- -->\n")
    stamp = decode_stamp((folder / STAMP).read_bytes())
    changed = {"commit": "0" * 40, "manifest": hash_manifest(hash_tree(folder))}
    fields = {name: getattr(stamp, name) for name in stamp._fields}
    (folder / STAMP).write_bytes(encode_stamp(type(stamp)(**fields | changed)))
    return folder


def measure(target: str, ssh: str, rounds: int) -> tuple[list[float], float]:
    """The seconds of each rollback, from the start of the process to its end; and its processor seconds on average."""
    command = [sys.executable, "-m", "build_scripts", "rollback", target, "--ssh", ssh]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    seconds, before = [], resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run(command, cwd="/", env=environment, check=True, capture_output=True)
        seconds.append(time.perf_counter() - start)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, worked / rounds


def main() -> None:
    """Deploy two builds to each kind of host and return from one to the other, over and over."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder, run_sshd(Path(tempfile.mkdtemp(dir=folder))) as ssh:
        place = Path(folder)
        sites = [ROOT / "site", make_other(ROOT / "site", place / "other")]
        for target, shell in ((f"{place}/here", SSH), (f"127.0.0.1:{place}/there", ssh)):
            for site in sites:
                deploy_site(site, find_host(target, shell), place / "work")
            seconds, worked = measure(target, shell, rounds)
            kind = "SSH" if ":" in target else "this machine"
            sys.stdout.write(
                f"{kind}: median {statistics.median(seconds):.2f} s, most {max(seconds):.2f} s of {rounds}, "
                f"{worked:.2f} s of a processor; load {os.getloadavg()[0]:.1f} on {os.cpu_count()}\n"
            )


if __name__ == "__main__":
    main()
