"""Leaks: a canary in each place of a finished site is found, told where it is and masked; a clean site passes."""

import base64
import gzip
import io
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ROOT, copy_site
from pictures import draw, encode, jpeg, phone_jpeg, png
from PIL import Image, PngImagePlugin

from build_scripts.building.build import build_site
from build_scripts.cli import main
from build_scripts.commands.scan import describe
from build_scripts.faults.rules import Language
from build_scripts.gates.leaks import scan
from build_scripts.inspection.findings import Finding
from build_scripts.inspection.leaks import REGISTRY_HOSTS, RULES

IDENTITY, MOBILE = "11010519491231002X", "13800138000"
SLASH = "/"  # apart, so that no committed file names a machine
DRAFT = """\
# 这条先别公开，等领导看过
name: 北岸拟建片
summary: 北岸拟建片正在洽谈，尚未对外公布具体的合作安排。
status: draft
published: 2026-01-01
sources: [survey]
place:
  district: upstream
  township: 河口镇
setting: rural
since: 2018
"""
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built checkout with a draft, a comment, a withdrawn and a moved record, a public hotline and photos."""
    project = copy_site("second-city", tmp_path_factory.mktemp("leaks"))
    (project / "belts/areas/north-bank.yml").write_text(DRAFT, encoding="utf-8")
    (project / "belts/redirects.yml").write_text(
        "areas/west-bank: gone 2026-02-01\nworkshops/old-mill: bamboo\n", encoding="utf-8"
    )
    area = project / "belts/areas/east-bank.yml"
    text = area.read_text(encoding="utf-8").replace("note: 虚构。", "note: 虚构。热线 13900139000。")
    area.write_text(text + "# 这个数字问过村会计老王\n", encoding="utf-8")
    (project / "belts/allowed-numbers.yml").write_text(
        "numbers:\n  - number: 13900139000\n    reason: 公布的热线\n    expires: 2099-12-31\n",
        encoding="utf-8",
    )
    build_site(project)
    return project


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def png_with(**texts: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    for key, value in texts.items():
        info.add_itxt(key, value)
    return encode(draw(40, 30), "PNG", pnginfo=info)


def exif() -> bytes:
    made = Image.Exif()
    made[271] = "SecretCamera"
    return made.tobytes()


def icon(picture: bytes) -> bytes:
    size = len(picture).to_bytes(4, "little")
    return b"\0\0\1\0\1\0" + b"\x20\x20\0\0\1\0\x20\0" + size + (22).to_bytes(4, "little") + picture


def with_segment(marker: int, data: bytes) -> bytes:
    """A JPEG with one more segment behind its first two bytes."""
    plain = jpeg(40, 30)
    return plain[:2] + bytes((0xFF, marker)) + (len(data) + 2).to_bytes(2) + data + plain[2:]


def page(body: str) -> bytes:
    return f"<!doctype html>\n<title>x</title>\n{body}\n".encode()


@dataclass(frozen=True)
class Canary:
    """A file that leaks: the rule it breaks, where it is found, what is shown of it."""

    path: str
    content: bytes
    code: str
    place: str = ""
    line: int = 0
    shown: str = ""


CANARIES = {
    # numbers, in every form of text that a site has
    "number in bold": Canary(
        "c/2c.html",
        page("<p>甲</p>\n<p>138<b>0013</b>8000</p>"),
        "mobile",
        line=4,
        shown="138<b>****</b>8000",
    ),
    "page": Canary("c/1.html", page(f"<p>电话{MOBILE}</p>"), "mobile", line=3, shown="138****8000"),
    "page, spelt": Canary(
        "c/2.html", page("<p>1３8 0013-8000</p>"), "mobile", line=3, shown="1３8 ****-8000"
    ),
    "page, grouped": Canary(
        "c/2b.html", page("<p>（138）0013.8000、138.0013.8000</p>"), "mobile", line=3, shown="138.****.8000"
    ),
    "page, character references": Canary(
        "c/3.html",
        page("".join(f"&#{ord(digit)};" for digit in MOBILE)),
        "mobile",
        line=3,
        shown="138****8000",
    ),
    "attribute": Canary(
        "c/4.html", page(f'<a href="tel:{MOBILE}">x</a>'), "mobile", line=3, shown="138****8000"
    ),
    "identity": Canary(
        "c/5.html", page(f"<td>{IDENTITY}</td>"), "identity", line=3, shown="110***********002X"
    ),
    "csv": Canary("c/6.csv", f"a,b\n1,{MOBILE}\n".encode(), "mobile", line=2, shown="138****8000"),
    "json": Canary("c/7.json", f'{{"a": "{IDENTITY}"}}'.encode(), "identity", line=1, shown="110****"),
    "json, escaped": Canary(
        "c/8.json", b'["\\u0031' + MOBILE[1:].encode() + b'"]', "mobile", line=1, shown="138****"
    ),
    "geojson": Canary("c/9.geojson", f'{{"name": "{MOBILE}"}}'.encode(), "mobile", line=1, shown="138****"),
    "script": Canary("c/10.js", f'const a = "{MOBILE}"'.encode(), "mobile", line=1, shown="138****"),
    "gzip": Canary("c/11.xml.gz", gzip.compress(f"<a>\n{MOBILE}</a>".encode()), "mobile", "!", 2, "138****"),
    "gzip's file name": Canary(
        "c/12.gz",
        b"\x1f\x8b\x08\x08" + bytes(6) + f"{MOBILE}\0".encode() + gzip.compress(b"x")[10:],
        "mobile",
        "!",
        1,
    ),
    "result of the search": Canary(
        "pagefind/0123456789ab/results/0.gz",
        gzip.compress(b'{"summary":"' + MOBILE.encode() + b'"}'),
        "mobile",
        "!",
        1,
        "138****",
    ),
    "index of the search": Canary(
        "pagefind/0123456789ab/words/0.gz",
        gzip.compress(b"pagefind_dcd\x81\xff\x72" + IDENTITY.encode() + b"\x6b"),
        "identity",
        "!",
        shown="110****",
    ),
    "workbook": Canary(
        "c/13.xlsx",
        zipped({"xl/sharedStrings.xml": f"<si>\n<t>{MOBILE}</t></si>".encode()}),
        "mobile",
        "!xl/sharedStrings.xml",
        2,
        "138****",
    ),
    "file name": Canary(f"c/{MOBILE}.html", page(""), "mobile", shown=""),
    # metadata
    "photo": Canary("c/1.jpg", phone_jpeg(), "metadata", shown="EXIF GPS"),
    "jpeg comment": Canary("c/2.jpg", jpeg(40, 30, comment=b"Secret"), "metadata", shown="JPEG comment"),
    "jpeg xmp": Canary("c/3.jpg", jpeg(40, 30, xmp=XMP), "metadata", shown="XMP"),
    "jpeg iptc": Canary("c/4.jpg", with_segment(0xED, b"Photoshop 3.0\x008BIM"), "metadata", shown="IPTC"),
    "jpeg, unknown part": Canary("c/5.jpg", with_segment(0xEB, b"Secret"), "metadata", shown="JPEG APP11"),
    "jpeg, more behind it": Canary("c/6.jpg", jpeg(40, 30) + b"Secret", "metadata", shown="+6 bytes"),
    "jpeg under another name": Canary("c/7.bin", phone_jpeg(), "metadata", shown="EXIF GPS"),
    "png text": Canary("c/1.png", png_with(Author="Secret"), "metadata", shown="PNG iTXt Author"),
    "png exif": Canary("c/2.png", encode(draw(40, 30), "PNG", exif=exif()), "metadata", shown="EXIF"),
    "png xmp": Canary(
        "c/3.png", png_with(**{"XML:com.adobe.xmp": "Secret"}), "metadata", shown="XML:com.adobe"
    ),
    "png, more behind it": Canary("c/4.png", png(40, 30) + b"Secret", "metadata", shown="+6 bytes"),
    "webp exif": Canary("c/1.webp", encode(draw(40, 30), "WEBP", exif=exif()), "metadata", shown="EXIF"),
    "webp xmp": Canary("c/2.webp", encode(draw(40, 30), "WEBP", xmp=XMP), "metadata", shown="XMP"),
    "svg": Canary("c/1.svg", b"<svg>\n<metadata>x</metadata></svg>", "metadata", line=2, shown="metadata"),
    "icon": Canary("c/favicon.ico", icon(png_with(Author="Secret")), "metadata", "!1", shown="Author"),
    "picture in a style sheet": Canary(
        "c/1.css",
        b"a{background:url(data:image/png;base64," + base64.b64encode(png_with(Author="Secret")) + b")}",
        "metadata",
        "!1",
        shown="Author",
    ),
    # comments
    "html comment": Canary(
        "c/20.html", page("<!-- 待老王核实 -->"), "comment", line=3, shown="<!-- 待老王核*"
    ),
    "yaml comment": Canary("c/1.yml", "a: b\nc: d # 待核\n".encode(), "comment", line=2, shown="# 待核"),
    "workbook's comments": Canary(
        "c/14.xlsx", zipped({"xl/comments1.xml": b"<comments/>"}), "comment", "!xl/comments1.xml", 1
    ),
    "workbook's author": Canary(
        "c/15.xlsx",
        zipped({"docProps/core.xml": "<x><dc:creator>王小明同志</dc:creator></x>".encode()}),
        "comment",
        "!docProps/core.xml",
        1,
        "dc:creator 王小明同*",
    ),
    # what is not public
    "draft's name": Canary("c/30.html", page("<b>北岸拟建片</b>"), "withheld", line=3, shown="北岸拟建*"),
    "draft's text": Canary("c/1.txt", "正在洽谈，尚未对外公布具体的合作安排".encode(), "withheld", line=1),
    "draft's comment": Canary("c/2.txt", "（等领导看过）。\n这条先别公开。".encode(), "withheld", line=2),
    "record's comment": Canary(
        "c/2.json", '["这个数字问过村会计老王"]'.encode(), "withheld", line=1, shown="这个数字*"
    ),
    "draft's page": Canary(
        "areas/north-bank/index.html", page('<meta name="ArticleTitle">'), "withheld", line=3
    ),
    "draft's address": Canary("c/31.html", page('<a href="../areas/north-bank/">x</a>'), "withheld", line=3),
    "withdrawn record's page": Canary(
        "areas/west-bank/index.html",
        page('<meta name="ArticleTitle">'),
        "withheld",
        line=3,
        shown="areas/west-bank",
    ),
    "withdrawn record in the search": Canary(
        "pagefind/0123456789ab/results/1.gz",
        gzip.compress(b'{"url":"areas/west-bank/"}'),
        "withheld",
        "!",
        1,
        "areas/west-bank",
    ),
    "moved record in the data": Canary("data/x.csv", b"workshops/old-mill/\n", "withheld", line=1),
    "draft in the report": Canary(
        "build-report.json",
        b'{"path": "belts/areas/north-bank.yml"}',
        "withheld",
        line=1,
        shown="areas/north-bank",
    ),
    "draft below a folder": Canary(
        "data/y.csv", b"/city/areas/north-bank/\n", "withheld", line=1, shown="areas/north-bank"
    ),
    # the machine
    "checkout": Canary("c/3.txt", b"from {root}/belts/areas", "path", line=1),
    "home": Canary("c/4.txt", f"a\nsee {SLASH}home{SLASH}someone{SLASH}x".encode(), "path", line=2),
    "home on a Mac": Canary("c/5.txt", f"{SLASH}Users{SLASH}someone".encode(), "path", line=1),
    "home on Windows": Canary("c/6.txt", b"C:\\" + rb"Users\someone", "path", line=1),
    "root's home": Canary("c/7.txt", f"{SLASH}root{SLASH}belts".encode(), "path", line=1),
    "scratch": Canary("c/8.txt", f'"{SLASH}tmp{SLASH}build-1/x"'.encode(), "path", line=1),
    "runner": Canary("c/9.js.map", f'["{SLASH}builds{SLASH}city/belts/x.js"]'.encode(), "path", line=1),
    "file address": Canary("c/10.txt", b"file:/" + b"//srv/x", "path", line=1),
    # keys
    "GitHub": Canary("c/40.js", b"t='ghp_" + b"a1" * 18 + b"'", "token", line=1, shown="ghp_********"),
    "GitHub, fine-grained": Canary("c/41.txt", b"github_pat_" + b"a1" * 30, "token", line=1),
    "GitLab": Canary("c/42.txt", b"glpat-" + b"a1" * 10, "token", line=1),
    "AWS": Canary("c/43.txt", b"AKIA" + b"A1" * 8, "token", line=1),
    "Aliyun": Canary("c/44.txt", b"LTAI" + b"a1" * 8, "token", line=1),
    "Google": Canary("c/45.txt", b"AIza" + b"a" * 35, "token", line=1),
    "npm": Canary("c/46.txt", b"npm_" + b"a1" * 18, "token", line=1),
    "JWT": Canary("c/47.txt", b"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0.c2lnbmF0dXJlMTI", "token", line=1),
    "private key": Canary("c/48.txt", b"x\n-----BEGIN " + b"OPENSSH PRIVATE KEY-----", "token", line=2),
    "password in an address": Canary("c/49.txt", b"https://web:secret@www.example.org/", "token", line=1),
    "header": Canary("c/50.txt", b"Authorization: Bearer 0123456789abcdef0", "token", line=1),
    "this build's own": Canary("c/51.txt", b"correct-horse-battery", "token", line=1, shown="corr********"),
    # hosts
    "foreign host": Canary(
        "c/60.html", page('<a href="https://tracker.cn/x">x</a>'), "host", line=3, shown="tracker.cn"
    ),
    "foreign script": Canary(
        "c/61.html", page('<script src="//cdn.cn/x.js"></script>'), "host", line=3, shown="cdn.cn"
    ),
    "private address": Canary(
        "c/62.html", page("http://192.168.1.9:8080/"), "host", line=3, shown="192.168.1.9"
    ),
    "own machine": Canary("c/63.js", b"fetch('http://localhost:8000/')", "host", line=1, shown="localhost"),
    "intranet": Canary("c/64.txt", b"https://oa.city.internal/", "host", line=1, shown="oa.city.internal"),
    "registry": Canary("c/65.json", f'"registry.{REGISTRY_HOSTS[2]}/x"'.encode(), "host", line=1),
    # files
    "hidden file": Canary("c/.env", b"A=1", "stray", shown=".env"),
    "repository": Canary(".git/config", b"[core]", "stray", shown=".git"),
    "editor's copy": Canary("c/index.html~", b"x", "stray"),
    "database": Canary("c/results.sqlite", b"x", "stray"),
    "lock of an office program": Canary("c/~$名单.xlsx", b"x", "stray"),
    "PDF": Canary("c/1.pdf", b"%PDF-1.7\n\xff\xfe", "opaque", shown=".pdf"),
    "moving picture": Canary("c/1.gif", encode(draw(40, 30), "GIF"), "opaque", shown=".gif"),
    "text of another encoding": Canary("c/11.txt", "电话".encode("gb18030"), "opaque"),
    "damaged gzip": Canary("c/2.gz", gzip.compress(b"x" * 99)[:-9], "opaque", shown=".gz"),
    "damaged workbook": Canary("c/16.xlsx", zipped({"a": b"x"})[:-9], "opaque", shown=".xlsx"),
}


@pytest.fixture(scope="module")
def findings(project: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Finding, ...]:
    """What a scan finds in a copy of the site with every canary in it."""
    site = tmp_path_factory.mktemp("planted") / "site"
    shutil.copytree(project / "site", site)
    for canary in CANARIES.values():
        file = site / canary.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(canary.content.replace(b"{root}", str(project.resolve()).encode()))
    (site / "linked.html").symlink_to(ROOT / "README.md")
    (site / "linked").symlink_to(ROOT / "belts", target_is_directory=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEPLOY_TOKEN", "correct-horse-battery")
        return scan(project.resolve(), site)


def test_a_clean_site_passes(project: Path) -> None:
    """With photos, workbooks, a search index, a public hotline, a page that leads on and one that is gone."""
    assert scan(project.resolve(), project / "site") == ()


def test_the_real_site_passes(real_site: Path) -> None:
    assert scan(ROOT, real_site) == ()


@pytest.mark.parametrize("name", CANARIES)
def test_a_canary_is_found(name: str, findings: tuple[Finding, ...]) -> None:
    """By the right rule, in the right file and line; the value is masked."""
    canary = CANARIES[name]
    path = canary.path.replace(MOBILE, "138****8000")
    found = [f for f in findings if f.path == path or f.path.startswith(f"{path}!")]
    mine = [f for f in found if f.code == canary.code and f.path == path + canary.place]
    assert mine, found
    assert mine[0].line == canary.line
    assert canary.shown in mine[0].what
    for secret in (MOBILE, IDENTITY, "Secret", "老王核实", "王小明同志", "correct-horse"):
        assert secret not in f"{mine[0].path} {mine[0].what}"


def test_links_are_found(findings: tuple[Finding, ...]) -> None:
    assert {f.path for f in findings if f.code == "symlink"} == {"linked", "linked.html"}


def test_nothing_but_the_canaries_is_found(findings: tuple[Finding, ...]) -> None:
    planted = {canary.path.replace(MOBILE, "138****8000") for canary in CANARIES.values()}
    assert {f.path.partition("!")[0] for f in findings} == planted | {"linked", "linked.html"}
    assert {f.code for f in findings} == set(RULES)


def test_a_file_with_many_hides_none_of_another(project: Path, tmp_path: Path) -> None:
    """Only the first of a file are told; what it shares with the next one is looked at there too."""
    site = tmp_path / "site"
    site.mkdir()
    numbers = [f"1381234{number:04d}" for number in range(25)]
    (site / "a.txt").write_text("\n".join(numbers))
    (site / "b.txt").write_text(numbers[-1])
    found = [(finding.path, finding.line) for finding in scan(project.resolve(), site)]
    assert found == [*(("a.txt", line) for line in range(1, 21)), ("b.txt", 1)]


def test_each_rule_says_what_to_do(findings: tuple[Finding, ...]) -> None:
    for language in Language:
        text = describe(findings, language)
        assert text.count("  help: ") == len(RULES)
        assert f"{len(findings)} " in text.splitlines()[-1]


def test_an_icon_or_a_photo_without_metadata_passes(project: Path, tmp_path: Path) -> None:
    """Also hashes, drawings, coordinates and links that only look like numbers of people or hosts."""
    site = tmp_path / "site"
    site.mkdir()
    files = {
        "favicon.ico": icon(png(32, 32)),
        "a.jpg": jpeg(40, 30, icc_profile=b"profile"),
        "a.webp": encode(draw(40, 30), "WEBP", lossless=True),
        "a.txt": b"sha256 0a13812345678b0c13912345678d00aa 121.13812345678 30.1",
        "a.html": page(
            '<path d="M138 1381 2345 6789"/>{% raw %} ${x} <a href="https://www.example.org/">x</a>'
        ),
        "a.xlsx": zipped({"xl/a.xml": b"<a/>"}),
    }
    for name, content in files.items():
        (site / name).write_bytes(content)
    assert scan(project.resolve(), site) == ()


def test_the_command_says_so(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0 for a clean site, 1 for a leak, 2 without a site; in either language."""
    assert main(["-C", str(project), "--lang", "en", "scan"]) == 0
    assert capsys.readouterr().out == "nothing that must not be published\n"
    assert main(["-C", str(tmp_path), "scan"]) == 2
    shutil.copytree(project / "site", tmp_path / "site")
    (tmp_path / "site/x.txt").write_text(MOBILE)
    assert main(["-C", str(project), "--lang", "zh", "scan", str(tmp_path / "site")]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "[mobile] 手机号码：1",
        "  x.txt:1: 138****8000",
        "  help: 删去，改用单位的固定电话；确属公开热线的，写进 belts/allowed-numbers.yml。",
        "1 处不该公开",
    ]
