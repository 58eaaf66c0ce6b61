"""Small built sites for tests of deploys; as a program, deploys them over and over and is killed each time.

python sample_releases.py SITES FOLDER WORK ROUNDS
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

from build_scripts.addresses import SITEMAP
from build_scripts.deploy.host import Host
from build_scripts.deploy.release import deploy_site, read_site
from build_scripts.provenance.stamp import STAMP, Stamp, encode_stamp, hash_manifest, hash_tree
from build_scripts.storage.files import gzip_form

PAGES = ("index.html", *(f"areas/a{n}/index.html" for n in range(12)), "404.html")


def make_site(folder: Path, version: str, pages: tuple[str, ...] = PAGES) -> Path:
    """A built site whose every page repeats its version, so that a part of one cannot pass for the whole."""
    for name in pages:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<title>{version}</title>\n" + f"<p>{version} {name}</p>\n" * 400)
    asset = folder / "assets/lib/leaflet.12345678.js"
    asset.parent.mkdir(parents=True, exist_ok=True)
    asset.write_text("// the same in every version\n" * 200)
    (folder / SITEMAP).write_text(f"<urlset>{version}</urlset>\n" * 40)
    (folder / f"{SITEMAP}.gz").write_bytes(gzip_form((folder / SITEMAP).read_bytes()))
    hashes = hash_tree(folder)
    stamp = Stamp("1", version.ljust(40, "0"), False, "2026-01-01", len(hashes), hash_manifest(hashes))
    (folder / STAMP).write_bytes(encode_stamp(stamp))
    return folder


def find_faults(folder: Path, sites: list[Path]) -> list[str]:
    """What is wrong with what is live: it must be one of the sites, every file of it."""
    live = Path(os.path.realpath(folder / "current"))
    for site in sites:
        if (live / STAMP).is_file() and (live / STAMP).read_bytes() == (site / STAMP).read_bytes():
            names = [*hash_tree(site), STAMP]
            return [n for n in names if (live / n).read_bytes() != (site / n).read_bytes()]
    return [f"{live} is none of the sites"]


def _deploy_in_child(site: Path, folder: Path, work: Path) -> int:
    child = os.fork()
    if child == 0:
        os.setsid()
        try:
            deploy_site(site, Host(str(folder)), work)
        except BaseException as error:  # noqa: BLE001 (a child must never go on as its parent)
            sys.stderr.write(f"{error}\n")
            os._exit(1)
        os._exit(0)
    return child


def _main(sites_folder: Path, folder: Path, work: Path, rounds: int) -> None:
    """Prints how many deploys were cut off, how many ended, and every fault found after one."""
    sites = sorted(sites_folder.iterdir())
    for site in sites:
        read_site(site)
    started = time.monotonic()
    for site in sites[1:]:
        os.waitpid(_deploy_in_child(site, folder, work), 0)
    longest = (time.monotonic() - started) / len(sites[1:])
    draw = random.Random(1)  # noqa: S311 (moments, not secrets)
    counts = {"cut": 0, "ended": 0}
    for number in range(rounds):
        child = _deploy_in_child(sites[number % len(sites)], folder, work)
        time.sleep(draw.uniform(0, longest))
        try:
            os.killpg(child, signal.SIGKILL)
        except ProcessLookupError:  # it has not begun its own group yet, or has ended
            os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        counts["ended" if status == 0 else "cut"] += 1
        for fault in find_faults(folder, sites):
            sys.stdout.write(f"after {number}: {fault}\n")
    sys.stdout.write(f"cut {counts['cut']} ended {counts['ended']}\n")


if __name__ == "__main__":
    _main(*(Path(argument) for argument in sys.argv[1:4]), int(sys.argv[4]))
