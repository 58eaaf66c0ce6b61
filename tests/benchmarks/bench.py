"""How fast belts is beside its peers, in one run on one machine: `make bench`.

Contenders run in turn, several rounds, so that a slow minute meets all of them; what counts is the ratio
within a round. Peers live in a virtual environment of their own, from requirements/bench.txt.

What a contender has made before is put aside and removed at the very end: for minutes ext4 gives no inode out
again that was removed, and looks at each of them for every new file, which slows whoever writes next.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

from figures import Comparison, Report, Sample, encode_report, render_markdown, spread_of
from pagefind.service import get_executable
from serve_latency import measure_latency

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
WORK = PROJECT / ".cache" / "bench"
PEERS = WORK / "venv"
ASIDE = WORK / "aside"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": ""}
QUICK = {"sizes": (360,), "runs": 2}
COMPARISONS = (
    Comparison("belts: pages, maps, lists, downloads / Hugo: pages", ("pages",), ("hugo",), 1.0),
    Comparison("belts: everything / (Hugo: pages + Pagefind)", ("everything",), ("hugo", "pagefind"), 1.0),
    Comparison("belts: everything / plain Folium + MkDocs script", ("everything",), ("plain",), 0.2),
    Comparison("belts: everything / Zensical: pages", ("everything",), ("zensical",), 1.0),
)


@dataclass(frozen=True, slots=True)
class City:
    """Where the inputs of one size are: our checkout, and what peers read."""

    areas: int
    root: Path
    hugo: Path
    plain: Path


@dataclass(frozen=True, slots=True)
class Contender:
    """What is measured at one size: `prepare` is not; `command` runs in `folder`, `made` is what it leaves."""

    name: str
    title: str
    prepare: Callable[[], None]
    command: tuple[str, ...]
    folder: Path
    made: Path | None = None


def main() -> None:
    """Measure, print the report, write it as Markdown and JSON."""
    try:
        _compare(_read_options())
    finally:
        shutil.rmtree(ASIDE, ignore_errors=True)


def _compare(options: argparse.Namespace) -> None:
    peers = _install_peers()
    cities = [_prepare_city(areas, peers) for areas in options.sizes]
    chosen = {
        city.areas: [c for c in _contenders(city, peers) if not options.only or c.name in options.only]
        for city in cities
    }
    samples, sizes = _measure(chosen, options.runs)
    titles = {c.name: c.title for some in chosen.values() for c in some}
    notes = [f"{title}: {text}" for title, text in sizes.items()]
    notes += [_latency_note(city, options.saves) for city in cities if options.saves]
    parts = Report(tuple(options.sizes), titles, COMPARISONS, tuple(notes))
    facts = _describe_machine() | {"rounds": options.runs, "versions": _versions(peers)}
    text = render_markdown(facts, samples, parts)
    WORK.mkdir(parents=True, exist_ok=True)
    (WORK / "report.md").write_text(text, encoding="utf-8")
    encoded = json.dumps(encode_report(facts, samples, parts), ensure_ascii=False, indent=1)
    (WORK / "report.json").write_text(encoded + "\n", encoding="utf-8")
    print(text, end="")  # noqa: T201 (the report)


def _read_sizes(text: str) -> tuple[int, ...]:
    return tuple(int(n) for n in text.split(","))


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes", type=_read_sizes, default=(360, 3600), metavar="N,N", help="numbers of areas (360,3600)"
    )
    parser.add_argument("--runs", type=int, default=5, help="rounds (5)")
    parser.add_argument("--saves", type=int, default=5, help="saves to `belts serve`, 0 for none (5)")
    parser.add_argument("--only", nargs="+", default=(), help="contenders by name")
    parser.add_argument("--quick", action="store_true", help="360 areas, two rounds")
    options = parser.parse_args()
    for name, value in QUICK.items() if options.quick else ():
        setattr(options, name, value)
    return options


# -- inputs ------------------------------------------------------------------------------------------


def _install_peers() -> Path:
    """The folder of the peers' programs, installed when the lock is newer."""
    lock, stamp = PROJECT / "requirements" / "bench.txt", PEERS / "stamp"
    if not stamp.is_file() or stamp.read_bytes() != lock.read_bytes():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(PEERS)], check=True)
        pip = [str(PEERS / "bin" / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(lock)], check=True)
        stamp.write_bytes(lock.read_bytes())
    return PEERS / "bin"


def _prepare_city(areas: int, peers: Path) -> City:
    """Inputs of one size, made in other processes: a small process measures small ones rightly."""
    folder = WORK / str(areas)
    _put_aside(folder)
    city = City(areas, folder / "city", folder / "hugo", folder / "plain")
    synthetic = [sys.executable, str(HERE / "synthetic.py"), str(city.root), "--areas", str(areas)]
    hugo = [sys.executable, str(HERE / "hugo_input.py"), str(city.root), str(city.hugo)]
    for command in (synthetic, hugo):
        subprocess.run(command, env=ENVIRONMENT, check=True)
    script = [str(peers / "python"), str(HERE / "plain_script.py")]
    subprocess.run([*script, str(city.root / "belts"), str(city.plain), "--write-only"], check=True)
    _check_in(city.root)
    return city


def _check_in(root: Path) -> None:
    """Make it what an editor has: a git checkout with the locks, whose commit and bill of materials a build states."""
    for name in (".gitignore", "package-lock.json", "requirements/runtime.txt"):
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copy(PROJECT / name, root / name)
    identity = ("-c", "user.name=bench", "-c", "user.email=bench@example.org")
    for words in (
        ("init", "--quiet"),
        ("add", "--all"),
        ("config", "gc.auto", "0"),  # or git would tidy up beside what is measured
        (*identity, "commit", "--quiet", "--message", "city"),
    ):
        subprocess.run(("git", *words), cwd=root, check=True)


# -- contenders --------------------------------------------------------------------------------------


def _contenders(city: City, peers: Path) -> tuple[Contender, ...]:
    return (*_our_contenders(city), *_peer_contenders(city, peers))


def _our_contenders(city: City) -> tuple[Contender, ...]:
    root, site, clear = city.root, city.root / "site", partial(_clear, city.root)
    import_all = (
        sys.executable,
        "-c",
        "import build_scripts.building.making, build_scripts.publishing.publisher",
    )
    without = (sys.executable, str(HERE / "without_search.py"), ".")
    build = (sys.executable, "-m", "build_scripts", "build")
    edit = partial(_edit, root / "belts" / "areas" / "area-1.yml")
    return (
        Contender("start-up", "belts: start-up", _nothing, import_all, root),
        Contender("pages", "belts: pages, maps, lists, downloads", clear, without, root, site),
        Contender("edited-pages", "belts: one record edited, without search", edit, without, root),
        Contender("everything", "belts: everything", clear, build, root, site),
        Contender("unchanged", "belts: nothing changed", _nothing, build, root),
        Contender("edited", "belts: one record edited, everything", edit, build, root),
    )


def _peer_contenders(city: City, peers: Path) -> tuple[Contender, ...]:
    public, index, plain = city.hugo / "public", city.hugo / "index", city.plain
    hugo = (str(peers / "hugo"), "--quiet")
    pagefind = (str(get_executable()), "--site", "public", "--output-path", "index", "--quiet")
    script = (str(peers / "python"), str(HERE / "plain_script.py"), str(city.root / "belts"), str(plain))
    zensical = (str(peers / "zensical"), "build")
    again = partial(_put_aside, plain / "site", plain / ".cache")
    after = "Zensical on the plain script's pages, maps drawn before"
    return (
        Contender("hugo", "Hugo: pages", partial(_put_aside, public), hugo, city.hugo, public),
        Contender(
            "pagefind", "Pagefind over Hugo's pages", partial(_put_aside, index), pagefind, city.hugo, index
        ),
        Contender(
            "plain",
            "plain Folium + MkDocs script",
            partial(_put_aside, plain),
            script,
            city.root,
            plain / "site",
        ),
        Contender("zensical", after, again, zensical, plain, plain / "site"),
    )


def _nothing() -> None:
    pass


def _put_aside(*paths: Path) -> None:
    for path in paths:
        if path.exists():
            ASIDE.mkdir(parents=True, exist_ok=True)
            path.rename(Path(mkdtemp(dir=ASIDE)) / path.name)


def _clear(root: Path) -> None:
    _put_aside(root / "site", root / ".site.building", root / ".site.ledger", root / ".cache")


def _edit(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^summary: .*$", f"summary: 第{time.time_ns()}次改动。", text, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")


# -- measuring ---------------------------------------------------------------------------------------


def _measure(contenders: Mapping[int, list[Contender]], rounds: int) -> tuple[list[Sample], dict[str, str]]:
    """Every sample, each round in turn; and how much each contender left on disk."""
    samples, sizes = [], {}
    turns = [(n, areas, c) for n in range(rounds) for areas, some in contenders.items() for c in some]
    for number, areas, contender in turns:
        contender.prepare()
        sample = _run(contender, areas, number)
        samples.append(sample)
        print(f"{areas} {contender.name}: {sample.wall:.2f} s", file=sys.stderr, flush=True)  # noqa: T201
        if contender.made:
            sizes[f"{contender.title}, {areas} areas"] = _size_of(contender.made)
    return samples, sizes


def _run(contender: Contender, areas: int, number: int) -> Sample:
    """Run once. The kernel counts the time of the process and of all that it waited for.

    Its memory counts from before `exec`, so this process must stay smaller than what it measures.
    """
    log = WORK / "output.txt"
    with log.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            contender.command, cwd=contender.folder, env=ENVIRONMENT, stdout=output, stderr=output
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{contender.name} failed:\n{log.read_text(errors='replace')}")
    scale = 1024**2 if sys.platform == "darwin" else 1024
    cpu = usage.ru_utime + usage.ru_stime
    return Sample(contender.name, areas, number, wall, cpu, usage.ru_maxrss / scale)


def _size_of(folder: Path) -> str:
    files = [path for path in folder.rglob("*") if path.is_file()]
    pages = [path for path in files if path.suffix == ".html"]
    total = sum(path.stat().st_size for path in files)
    return f"{len(pages)} HTML files, {len(files)} files, {total / 1e6:.1f} MB"


def _latency_note(city: City, saves: int) -> str:
    seconds = spread_of(measure_latency(city.root, min(saves, city.areas), ENVIRONMENT))
    return f"belts serve, {city.areas} areas, from saving a record to the reloaded page: {seconds} s"


def _describe_machine() -> dict[str, object]:
    """The machine in general terms, and how busy others keep it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor cores": len(os.sched_getaffinity(0)),
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "load at the end": f"{os.getloadavg()[0]:.1f}",
    }


def _versions(peers: Path) -> str:
    lock = (PROJECT / "requirements" / "bench.txt").read_text(encoding="utf-8")
    wanted = ("folium", "hugo", "mkdocs", "mkdocs-material", "pagefind", "zensical")
    found = dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", lock, re.MULTILINE))
    return ", ".join(f"{name} {found[name]}" for name in wanted)


if __name__ == "__main__":
    main()
