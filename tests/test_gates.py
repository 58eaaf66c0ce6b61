"""The gates: a sound site passes each, and each finds the fault that is planted for it."""

import gzip
import json
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from conftest import ROOT, copy_site, require, serve

from build_scripts.building.build import build_site
from build_scripts.cli import main
from build_scripts.gates import GATES, run_gates
from build_scripts.gates.candidate import Candidate
from build_scripts.gates.packages import is_allowed
from build_scripts.gates.rebuild import compare_trees
from build_scripts.gates.verdict import Verdict
from build_scripts.provenance.stamp import STAMP, Stamp, encode_stamp, hash_manifest, hash_tree
from build_scripts.records.city import unnamed_city
from build_scripts.toolchain import find_java
from build_scripts.web.hosting import HEADERS_FILE, read_headers, render_netlify
from build_scripts.web.policy import security_headers

PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>甲</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="dot.svg"><link rel="stylesheet" href="site.css"></head>
<body><main><h1 id="top">示范片</h1><p><a href="#top">上</a> <img src="dot.svg" alt="点"></p></main>
<script src="site.js"></script></body></html>
"""
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="4"/></svg>'
REQUIREMENT = f"certifi==2026.10.18 --hash=sha256:{'0' * 64}\n"
LEAFLET = {"version": "1.9.4", "license": "BSD-2-Clause", "integrity": f"sha512-{'A' * 86}=="}
LOCK = {
    "name": "x",
    "lockfileVersion": 3,
    "packages": {"": {"name": "x", "dependencies": {"leaflet": "1.9.4"}}, "node_modules/leaflet": LEAFLET},
}


# -- a small site that was made by hand, for all that looks at finished files alone ----------------


def make_small(folder: Path) -> Candidate:
    """One page with all that it needs, beside the two locks."""
    site = folder / "site"
    site.mkdir(parents=True)
    files = {
        "index.html": PAGE,
        "dot.svg": DRAWING,
        "site.css": "h1 { color: #000 }",
        "site.js": "'use strict'",
    }
    for name, text in (files | {HEADERS_FILE: render_netlify(unnamed_city())}).items():
        (site / name).write_text(text, encoding="utf-8")
    hashes = hash_tree(site)
    stamp = Stamp("1", "", False, "", len(hashes), hash_manifest(hashes))
    (site / STAMP).write_bytes(encode_stamp(stamp))
    (folder / "requirements").mkdir()
    for name in ("runtime", "dev"):
        (folder / f"requirements/{name}.txt").write_text(REQUIREMENT, encoding="utf-8")
    (folder / "package-lock.json").write_text(json.dumps(LOCK), encoding="utf-8")
    (folder / "package.json").write_text(json.dumps(LOCK["packages"][""]), encoding="utf-8")
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    for name in ("belts", "content", "site_templates"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "mkdocs.yml", folder / "mkdocs.yml")
    return Candidate(folder, site)


def run_apart(candidate: Candidate, gates: Sequence[str]) -> Sequence[Verdict]:
    """Gates in a thread of their own: the browser of other tests holds this one's event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: list(run_gates(candidate, gates))).result()


def ask(candidate: Candidate, gate: str) -> Verdict:
    """One gate's verdict, reached anew."""
    [verdict] = run_apart(Candidate(candidate.root, candidate.site, candidate.osv), [gate])
    return verdict


def replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    """A fault: in the site's file `name`, `old` becomes `new`."""

    def plant(site: Path) -> None:
        text = (site / name).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (site / name).write_text(text.replace(old, new), encoding="utf-8")

    return plant


def add(markup: str) -> Callable[[Path], None]:
    """A fault: more raw HTML on the page."""
    return replace("index.html", "</main>", f"{markup}</main>")


def use_script(code: str) -> Callable[[Path], None]:
    """A fault: what the page's script does."""
    return replace("site.js", "'use strict'", code)


def link_away(name: str) -> Callable[[Path], None]:
    """A fault: a link to the same bytes elsewhere stands in a file's place."""

    def plant(site: Path) -> None:
        (site / name).rename(site.parent / name)
        (site / name).symlink_to(site.parent / name)

    return plant


PLANTED = [
    ("whole", add("x"), "SHA-256"),
    ("whole", lambda site: (site / "stray.txt").write_text("x"), f"6 files, {STAMP}: 5"),
    ("whole", lambda site: (site / STAMP).unlink(), STAMP),
    ("whole", link_away("dot.svg"), "dot.svg: not a file of its own"),
    ("links", add('<a href="areas/">x</a>'), "index.html → areas/"),
    ("links", add('<a href="#gone">x</a>'), "index.html → #gone"),
    ("links", add('<img srcset="dot.svg 1x, two.svg 2x" src="dot.svg" alt="">'), "index.html → two.svg"),
    ("links", add('<img src="dot.svg">'), "index.html → dot.svg: no alt"),
    ("links", replace("dot.svg", "<svg ", "<html "), "dot.svg: not a picture"),
    ("links", add('<svg><use href="dot.svg#edge"/></svg>'), "index.html → dot.svg#edge"),
    ("links", replace("site.css", "#000", "#000; background: url(sky.png)"), "site.css → sky.png"),
    ("hosts", add('<script src="https://example.org/x.js"></script>'), "https://example.org/x.js"),
    ("hosts", add('<iframe src="//example.org/"></iframe>'), "//example.org/"),
    ("hosts", add('<input type="image" src="https://example.org/x.png" alt="x">'), "https://example.org/x.png"),
    ("hosts", add('<video><track src="https://example.org/x.vtt"></video>'), "https://example.org/x.vtt"),
    ("hosts", add('<table background="https://example.org/x.png"></table>'), "https://example.org/x.png"),
    ("hosts", add('<img srcset="dot.svg 1x,https://example.org/x.png 2x" alt="">'), "https://example.org/x.png"),
    ("hosts", add('<meta http-equiv="Refresh" content="0; URL=https://example.org/">'), "https://example.org/"),
    ("hosts", add('<link rel="preconnect" href="https://example.org">'), "https://example.org"),
    ("hosts", replace("site.css", "h1", "@import 'https://example.org/x.css'; h1"), "https://example.org/x.css"),
    ("html", add('<p id="top">x</p>'), "Duplicate ID"),
    ("html", add("<p><div>x</div></b>"), "Stray end tag"),
]  # fmt: skip
SPOILT = {
    "inline": add(
        '<script>var x</script><p style="color: red">x</p><p><a href="javascript:x()">x</a></p>'
        '<iframe title="x" srcdoc="x"></iframe><form action="\x01java&#10;Script:x()"></form>'
    ),
    "foreign": add('<img src="https://example.org/x.png" alt="x">'),
    "scripted": use_script(
        "document.body.setAttribute('style', 'x: y'); fetch('https://example.org/').catch(() => 0);"
        "document.body.innerHTML = '<p>x'"
    ),
    "error": use_script("throw new Error('planted')"),
    "barred": add("<button></button>"),
    "pale": replace("site.css", "#000", "#eee"),
}
REFUSED = {
    "index": [],
    "inline": [
        "<script>",
        "<p style>",
        "<a href>",
        "<iframe srcdoc>",
        "<form action>",
        "script-src",
        "style-src",
    ],
    "foreign": ["img-src"],
    "scripted": ["style-src", "connect-src", "TrustedHTML"],
    "error": ["planted"],
    "barred": [],
    "pale": [],
}


@pytest.mark.parametrize("gate", sorted({gate for gate, _, _ in PLANTED}))
def test_a_sound_site_passes(gate: str, tmp_path: Path) -> None:
    if gate == "html":
        require(find_java(), "Java")
    verdict = ask(make_small(tmp_path), gate)
    assert verdict.passed, verdict


@pytest.mark.parametrize(("gate", "plant", "fault"), PLANTED)
def test_a_planted_fault_is_found(
    gate: str, plant: Callable[[Path], None], fault: str, tmp_path: Path
) -> None:
    if gate == "html":
        require(find_java(), "Java")
    candidate = make_small(tmp_path)
    plant(candidate.site)
    verdict = ask(candidate, gate)
    assert not verdict.passed
    assert any(fault in found for found in verdict.faults), verdict


@pytest.mark.browser
def test_a_browser_finds_what_is_planted_on_each_page(tmp_path: Path) -> None:
    """Code in pages, parts from elsewhere, refusals while scripts run; and barriers. The sound page has none of them."""
    candidate = make_small(tmp_path)
    for name, plant in SPOILT.items():
        spoilt = make_small(tmp_path / name).site
        plant(spoilt)
        page = (spoilt / "index.html").read_text(encoding="utf-8")
        for part in ("site.js", "site.css"):
            page = page.replace(part, f"{name}.{part}")
            shutil.copy(spoilt / part, candidate.site / f"{name}.{part}")
        (candidate.site / f"{name}.html").write_text(page, encoding="utf-8")
        shutil.rmtree(tmp_path / name)
    policy, access = run_apart(candidate, ["policy", "access"])
    for name, words in REFUSED.items():
        found = [fault for fault in policy.faults if fault.startswith(f"{name}.html")]
        assert bool(found) == bool(words), found
        assert all(any(word in fault for fault in found) for word in words), (words, found)
    barriers = {
        fault.partition(": ")[0].partition(" ")[0]: fault.partition(": ")[2] for fault in access.faults
    }
    assert barriers == {"barred.html": "button-name: button", "pale.html": "color-contrast: #top"}


@pytest.mark.browser
def test_headers_that_do_not_ship_are_found(tmp_path: Path) -> None:
    candidate = make_small(tmp_path)
    (candidate.site / HEADERS_FILE).unlink()
    verdict = ask(candidate, "policy")
    assert f"{HEADERS_FILE}: default-src is missing" in verdict.faults


# -- a small city, for all that knows what the site was built from ----------------------------------


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    """The second city, built."""
    root = copy_site("second-city", tmp_path_factory.mktemp("city"))
    return Candidate(root, build_site(root).site)


def test_a_second_build_is_made_and_is_equal(city: Candidate) -> None:
    """In another folder, time zone, locale, hash seed and mask; a byte of the site that differs is named."""
    strict, equal = run_gates(Candidate(city.root, city.site), ["strict", "equal"])
    assert strict.passed, strict
    assert equal.passed, equal
    assert strict.seconds > equal.seconds
    name = "about/index.html" if (city.site / "about/index.html").is_file() else "index.html"
    page = (city.site / name).read_bytes()
    (city.site / name).write_bytes(page + b"\n")
    try:
        assert ask(city, "equal").faults == (f"{name}: other bytes",)
    finally:
        (city.site / name).write_bytes(page)


def test_what_mkdocs_refuses_stops_the_second_build(city: Candidate, tmp_path: Path) -> None:
    """A link in a hand-written page that leads nowhere: strict fails with MkDocs' words, and equal could not run."""
    root = copy_site("second-city", tmp_path)
    with (root / "content/index.md").open("a", encoding="utf-8") as page:
        page.write("\n[x](nowhere.md)\n")
    strict, equal = run_gates(Candidate(root, city.site), ["strict", "equal"])
    assert any("nowhere.md" in line for line in strict.faults), strict
    assert equal.lack


def test_settings_that_are_inherited_count_in_the_second_build(tmp_path: Path) -> None:
    """The site may stand in another folder of the checkout."""
    root = copy_site("second-city", tmp_path)
    own = (root / "mkdocs.yml").read_text(encoding="utf-8")
    (root / "mkdocs.yml").write_text(f"INHERIT: shared/base.yml\n{own}", encoding="utf-8")
    (root / "shared").mkdir()
    (root / "shared/base.yml").write_text("site_dir: public\n", encoding="utf-8")
    strict, equal = run_gates(Candidate(root, build_site(root).site), ["strict", "equal"])
    assert strict.passed, strict
    assert equal.passed, equal


@pytest.mark.parametrize("place", ["/public", "/second-city/public"])
def test_a_second_build_never_takes_the_place_of_the_first(tmp_path: Path, place: str) -> None:
    """Where the folder for the site is the same from everywhere, it is made elsewhere; with all that settings name."""
    root = copy_site("second-city", tmp_path)
    (root / "hook.py").write_text("def on_page_content(html, **_): return html + '<p>x</p>'\n")
    with (root / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write(f"site_dir: {root.parent}{place}\nhooks: [hook.py]\n")
    site = build_site(root).site
    inode = site.stat().st_ino
    strict, equal = run_gates(Candidate(root, site), ["strict", "equal"])
    assert strict.passed, strict
    assert equal.passed, equal
    assert site.stat().st_ino == inode


def test_each_way_in_which_trees_differ_is_named() -> None:
    assert compare_trees({"a": "1", "b": "1", "c": "1"}, {"b": "1", "c": "2", "d": "1"}) == [
        "a: not built again",
        "c: other bytes",
        "d: not in the site",
    ]


def test_what_must_not_be_published_is_found(city: Candidate, tmp_path: Path) -> None:
    assert ask(city, "leaks").passed
    shutil.copytree(city.site, tmp_path / "site")
    (tmp_path / "site/notes.html").write_text("<p>138" + "12345678</p>", encoding="utf-8")
    verdict = ask(Candidate(city.root, tmp_path / "site"), "leaks")
    assert any("notes.html:1: mobile" in found for found in verdict.faults), verdict


# -- packages ------------------------------------------------------------------------------------


def test_this_project_has_allowed_licences_alone() -> None:
    verdict = ask(Candidate(ROOT, ROOT / "site"), "licences")
    assert verdict.passed, verdict


@pytest.mark.parametrize(
    "licence", ["GPL-3.0-only", "", "MIT AND AGPL-3.0-only", "(MIT OR SSPL-1.0) AND MIT"]
)
def test_a_licence_that_is_not_on_the_list_is_found(licence: str, tmp_path: Path) -> None:
    candidate = make_small(tmp_path)
    assert ask(candidate, "licences").passed
    packages = LOCK["packages"] | {"node_modules/leaflet": LEAFLET | {"license": licence}}
    (tmp_path / "package-lock.json").write_text(json.dumps(LOCK | {"packages": packages}))
    assert ask(candidate, "licences").faults == (f"npm leaflet: {licence or '–'}",)


def test_a_package_may_be_used_under_any_of_its_licences() -> None:
    assert is_allowed("Apache-2.0 OR GPL-2.0-only")
    assert is_allowed("(MIT OR ISC) AND 0BSD")
    assert not is_allowed("Apache-2.0 WITH LLVM-exception")


def test_licences_of_packages_that_are_not_installed_cannot_be_told(tmp_path: Path) -> None:
    candidate = make_small(tmp_path)
    (tmp_path / "requirements/runtime.txt").write_text(REQUIREMENT.replace("certifi", "no-such-package"))
    assert "no-such-package" in ask(candidate, "licences").lack
    (tmp_path / "requirements/runtime.txt").unlink()
    assert ask(candidate, "licences").lack == "runtime.txt: absent"


class Weaknesses(SimpleHTTPRequestHandler):
    """Answers as OSV does and as npm's registry does; what it knows is in `python` and `node`."""

    python: dict = {}  # noqa: RUF012
    node: dict = {}  # noqa: RUF012

    def do_POST(self) -> None:
        """OSV's query, or npm's request in bulk."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("/v1/query"):
            assert json.loads(body)["package"]["name"] == "certifi"
            self._answer(self.python)
        else:
            assert "leaflet" in json.loads(gzip.decompress(body))
            self._answer(self.node)

    def do_GET(self) -> None:
        """The packages that npm asks about."""
        versions = {"1.9.4": {"name": "leaflet", "version": "1.9.4", "dist": {}}}
        self._answer({"name": "leaflet", "versions": versions, "dist-tags": {"latest": "1.9.4"}})

    def _answer(self, content: dict) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


def _audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, python: dict, node: dict) -> Verdict:
    handler = type("Known", (Weaknesses,), {"python": python, "node": node})
    candidate = make_small(tmp_path)
    with serve(tmp_path, handler) as address:
        monkeypatch.setenv("npm_config_registry", address)
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
        return ask(Candidate(candidate.root, candidate.site, f"{address}v1/query"), "audit")


def test_packages_without_a_known_weakness_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = _audit(tmp_path, monkeypatch, {}, {})
    assert verdict.passed, verdict


def test_published_weaknesses_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = {"name": "certifi", "ecosystem": "PyPI"}
    python = {"id": "PYSEC-0000-1", "summary": "x", "affected": [{"package": package}]}
    node = {
        "id": 1,
        "url": "https://example.org",
        "title": "planted",
        "severity": "high",
        "vulnerable_versions": "<2.0.0",
    }
    verdict = _audit(tmp_path, monkeypatch, {"vulns": [python]}, {"leaflet": [node]})
    assert verdict.faults == (
        "PyPI certifi 2026.10.18: PYSEC-0000-1 → –",
        "npm leaflet: high: planted",
    )


def test_an_audit_without_a_network_is_not_passed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody answers: the gate says which data base it could not ask, and that is a failure."""
    candidate = make_small(tmp_path)
    verdict = ask(Candidate(candidate.root, candidate.site, "http://127.0.0.1:9/v1/query"), "audit")
    assert not verdict.passed
    assert verdict.lack.startswith("pip-audit: ")


def test_everything_that_the_site_is_built_with_is_audited() -> None:
    """The lock of development, which is audited, holds the lock of the build."""
    built, audited = (
        {line.split()[0] for line in (ROOT / name).read_text().splitlines() if "==" in line}
        for name in ("requirements/runtime.txt", "requirements/dev.txt")
    )
    assert built <= audited


# -- the command ---------------------------------------------------------------------------------


@pytest.mark.parametrize("gate", ["policy", "access"])
def test_a_gate_without_chromium_is_not_passed(
    gate: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROMIUM", "no-such-program")
    assert ask(make_small(tmp_path), gate).lack == "Chromium"
    assert main(["-C", str(tmp_path), "verify", "--only", gate]) == 1


def test_the_html_gate_without_java_is_not_passed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    candidate = make_small(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert ask(candidate, "html").lack == "Java"


def test_a_gate_that_builds_is_not_passed_without_a_checkout(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a site alone it is said that there is no project, and other gates go on."""
    site = make_small(tmp_path).site
    (tmp_path / "mkdocs.yml").unlink()
    options = ["--only", "strict", "--only", "links"]
    assert main(["-C", str(tmp_path), "--lang", "zh", "verify", str(site), *options]) == 1
    strict, reason, links, _ = capsys.readouterr().out.splitlines()
    assert "未能运行" in strict
    assert "mkdocs.yml: 没有找到" in reason
    assert links.split()[0] == "links"


def test_the_command_prints_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A row for each gate with its verdict and seconds, what is wrong below it, and how many were passed."""
    candidate = make_small(tmp_path)
    add('<a href="areas/">x</a>')(candidate.site)
    words = ["-C", str(tmp_path), "--lang", "zh", "verify"]
    assert main([*words, "--only", "hosts", "--only", "links"]) == 1
    first, second, fault, summary = capsys.readouterr().out.splitlines()
    assert first.split()[0] == "hosts"
    assert first.split()[2:4] == ["s", "通过"]
    assert second.split()[3] == "未过"
    assert fault.strip() == "index.html → areas/"
    assert summary.startswith("2 关，通过 1，用时 ")
    assert main([*words, "--only", "hosts"]) == 0
    assert "没有运行" in capsys.readouterr().out


def test_many_faults_are_cut_short(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    candidate = make_small(tmp_path)
    add("".join(f'<a href="{n}/">x</a>' for n in range(12)))(candidate.site)
    words = ["-C", str(tmp_path), "--lang", "en", "verify", "--only", "links"]
    assert main(words) == 1
    assert "    … and 2 more (--all)" in capsys.readouterr().out
    assert main([*words, "--all"]) == 1
    assert "index.html → 11/" in capsys.readouterr().out


def test_without_a_site_or_such_a_gate_nothing_is_verified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["-C", str(tmp_path), "--lang", "en", "verify"]) == 2
    assert "run belts build first" in capsys.readouterr().err
    make_small(tmp_path)
    assert main(["-C", str(tmp_path), "--lang", "en", "verify", "--only", "luck"]) == 2
    assert "no such gate; there are whole, links" in capsys.readouterr().err


def test_every_gate_has_a_planted_fault() -> None:
    """Those that look at finished files above; the others each have a test of their own here."""
    own = {"policy", "access", "strict", "equal", "leaks", "licences", "audit"}
    assert {gate for gate, _, _ in PLANTED} | own == set(GATES)


def test_headers_are_read_as_they_are_written() -> None:
    city = unnamed_city()
    assert read_headers(render_netlify(city)) == security_headers(city.map.tiles)
    assert read_headers("/x\n  a: b\n") == {}
