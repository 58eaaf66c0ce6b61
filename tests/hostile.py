"""Inputs made to be expensive: huge, deep, endless or quadratic. Run as a script it prints what each one cost."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from build_scripts.faults.report import Format, render_report
from build_scripts.faults.rules import Language
from build_scripts.project import check_all, load_content
from build_scripts.reading.load import load_dataset

MINIMAL = Path(__file__).resolve().parent / "sites/minimal"
FULL = 999_000


def fill(piece: str, size: int = FULL) -> str:
    """A text of about so many bytes."""
    return piece * (size // len(piece.encode()))


RECORDS: dict[str, Callable[[], str]] = {
    "brackets": lambda: fill("["),
    "braces": lambda: fill("{a: "),
    "nested lists": lambda: fill("- "),
    "deep indentation": lambda: "\n".join(" " * depth + "a:" for depth in range(1400)),
    "complex keys": lambda: fill("? "),
    "empty items": lambda: fill("- \n"),
    "keys": lambda: "".join(f"k{n}: v\n" for n in range(80_000)),
    "repeated keys": lambda: fill("a: v\n"),
    "blank lines": lambda: fill("\n"),
    "spaces and a colon": lambda: "a:" + fill(" ") + "b: c",
    "one long word": lambda: fill("x"),
    "one long quote": lambda: 'a: "' + fill("x"),
    "backslashes": lambda: 'a: "' + fill("\\x01"),
    "bells": lambda: fill("\x07\n"),
    "tabs": lambda: fill("\tx\n"),
    "byte order marks": lambda: fill("\ufeff"),
    "aliases": lambda: fill("- *a\n"),
    "documents": lambda: fill("---\n"),
    "wide spaces": lambda: "note: x" + fill("\u3000") + "y",
    "wide and plain spaces": lambda: "note: x" + fill(" \u3000") + "y",
    "wide spaces at line starts": lambda: "note: x\n" + fill("\u3000 a\n"),
    "wide spaces before a number sign": lambda: "note: x\n" + fill(" a\u3000# b\n"),
    "full-width colons": lambda: fill("名：\n"),
    "colons without space": lambda: fill("a:b\n"),
    "mobile numbers": lambda: "note: " + fill("13800138000,"),
    "digits and dashes": lambda: "note: " + fill("1–3–8–"),
    "digits and commas": lambda: "note: " + fill("138，1234，"),
    "years and dashes": lambda: "note: " + fill("1978—2018 1"),
    "spaces and dashes": lambda: "note: 1" + fill(" –"),
    "spaced digits": lambda: "note: " + fill("1 3 8 "),
    "identity numbers": lambda: "note: " + fill("11010519491231002X "),
    "long number": lambda: "since: " + fill("9"),
    "long date": lambda: "since: " + fill("2016-"),
    "unknown references": lambda: "related:\n" + "".join(f"  - tengto{n}\n" for n in range(4900)),
    "wrong items": lambda: "facts:\n" + fill("  - x\n", 20_000),
    "wrong fields": lambda: "".join(f"nam{n}: x\n" for n in range(4900)),
    "markdown brackets": lambda: "body: '" + fill("[", 7900) + "'\n",
    "markdown quotes": lambda: "body: '" + fill("> ", 7900) + "'\n",
    "markdown lists": lambda: "body: '" + fill("1. ", 7900) + "'\n",
    "markdown emphasis": lambda: "body: '" + fill("*a _b ", 7900) + "'\n",
    "markdown links": lambda: "body: '" + fill("[a](", 790) + fill("x", 7000) + "'\n",
    "markdown headings": lambda: "body: |\n" + fill("  =\n", 7900),
}
PAGES: dict[str, Callable[[], str]] = {
    "tags": lambda: fill("<a "),
    "attributes": lambda: "<a " + fill("b='"),
    "page brackets": lambda: fill("["),
    "images": lambda: fill("!["),
    "backticks": lambda: fill("`"),
    "fences": lambda: fill("```\n"),
    "comments": lambda: fill("<!--"),
    "headings": lambda: fill("#\n"),
    "underlines": lambda: fill("x\n=\n"),
    "attribute lists": lambda: fill("{: on"),
    "front matter": lambda: "---\n" + fill("title: x\n"),
    "fields of front matter": lambda: "---\n" + "".join(f"titl{n}: x\n" for n in range(4900)) + "---\n",
    "dead links": lambda: fill("[x](nowhere.md)"),
    "different dead links": lambda: "".join(f"[x](no{n}.md)\n" for n in range(50_000)),
    "links without an end": lambda: fill("[x](y 'z"),
    "lines set in": lambda: fill("    [x](y)\n\n"),
    "page numbers": lambda: fill("13800138000,"),
}
SOUND = (MINIMAL / "belts/areas/tengtou.yml").read_text(encoding="utf-8")


def cost(path: str, text: str) -> float:
    """Seconds of processor time that checking a site with one hostile file takes."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for source in MINIMAL.rglob("*"):
            if source.is_file():
                target = root / source.relative_to(MINIMAL)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(source.read_bytes())
        (root / path).write_text(text, encoding="utf-8")
        start = time.process_time()
        dataset = load_dataset(root)
        found = check_all(dataset, load_content(root))
        for form in Format:
            render_report(found, form, Language.ZH)
        return time.process_time() - start


def main() -> None:
    """Write the seconds of each input, and the most memory that any of them took, in megabytes."""
    costs = {}
    for name, make in RECORDS.items():
        costs[name] = cost("belts/areas/hostile.yml", make())
    for name in ("unknown references", "markdown quotes", "mobile numbers"):
        costs[f"{name} in a sound record"] = cost("belts/areas/hostile.yml", SOUND + RECORDS[name]())
    for name, make in PAGES.items():
        costs[name] = cost("content/hostile.md", make())
    for name, text in (("deep layer", fill("[")), ("many features", '{"features": [' + fill("{},") + "{}]}")):
        costs[name] = cost("belts/geo/districts.geojson", text)
    costs["wide table"] = cost("belts/geo/townships.csv", fill("a,"))
    sys.stdout.write(json.dumps({"seconds": costs, "megabytes": peak_megabytes()}))


def peak_megabytes() -> int:
    """The most memory this process has held. Of `ru_maxrss`, Linux lets a child inherit its parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) // 1000 for line in lines if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000


if __name__ == "__main__":
    main()
