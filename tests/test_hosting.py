"""Settings for servers, tried in the servers themselves."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from conftest import ROOT, copy_site
from web_servers import ask, run_server

from build_scripts.cli import main
from build_scripts.records.city import Tiles, unnamed_city
from build_scripts.web.hosting import (
    DEFAULT,
    IMMUTABLE,
    REVALIDATE,
    Serving,
    can_listen,
    render_caddy,
    render_nginx,
)
from build_scripts.web.policy import security_headers

PAGE = b"<!doctype html><title>current</title>"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a deploy leaves: a release, and the one before with an asset that the new one lacks."""
    folder = tmp_path_factory.mktemp("served")
    files = {
        "current/index.html": PAGE,
        "current/index.html.gz": gzip.compress(PAGE, mtime=0),
        "current/index.html.br": brotli.compress(PAGE),
        "current/404.html": b"not found",
        "current/areas/index.html": b"areas",
        "current/data/places.geojson": b"{}",
        "current/assets/scripts.11111111/site.js": b"new",
        "previous/assets/scripts.00000000/site.js": b"old",
        "current/pagefind/index.json": b"{}",
        "current/pagefind/words/111111111111/0.gz": b"new",
        "previous/pagefind/words/000000000000/0.gz": b"old",
        "previous/gone/index.html": b"gone",
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def port(
    request: pytest.FixtureRequest, served: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    with run_server(request.param, served, tmp_path_factory.mktemp(request.param)) as found:
        yield found


@pytest.mark.parametrize(
    "path", ["/", "/areas/", "/data/places.geojson", "/assets/scripts.11111111/site.js", "/no/such/page"]
)
def test_every_response_carries_the_security_headers(port: int, path: str) -> None:
    headers = ask(port, path).headers
    for name, value in security_headers(Tiles()).items():
        assert headers[name.lower()] == value


def test_pages_revalidate_and_assets_stay_a_year(port: int) -> None:
    assert ask(port, "/").headers["cache-control"] == REVALIDATE
    assert ask(port, "/").headers["etag"]
    assert ask(port, "/pagefind/index.json").headers["cache-control"] == REVALIDATE
    for named in ("/assets/scripts.11111111/site.js", "/pagefind/words/111111111111/0.gz"):
        assert ask(port, named).headers["cache-control"] == IMMUTABLE


def test_an_absent_asset_is_not_kept(port: int) -> None:
    """An asset asked for too early must not be missing for a year."""
    answer = ask(port, "/assets/scripts.22222222/site.js")
    assert (answer.status, answer.headers["cache-control"]) == (404, REVALIDATE)


def test_a_page_from_before_a_deploy_finds_its_assets(port: int) -> None:
    """Assets of the previous release are still served, and its search; its pages are not."""
    for named in ("/assets/scripts.00000000/site.js", "/pagefind/words/000000000000/0.gz"):
        answer = ask(port, named)
        assert (answer.status, answer.body, answer.headers["cache-control"]) == (200, b"old", IMMUTABLE)
    assert ask(port, "/gone/").status == 404


def test_what_is_not_there_answers_with_the_sites_own_page(port: int) -> None:
    answer = ask(port, "/no/such/page")
    assert (answer.status, answer.body) == (404, b"not found")


def test_precompressed_files_are_sent(port: int) -> None:
    answer = ask(port, "/", "gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(answer.body) == PAGE
    for encoding in ("gzip", "identity"):
        assert "accept-encoding" in ask(port, "/", encoding).headers["vary"].lower()
    assert ask(port, "/", "identity").body == PAGE


def test_nginx_works_without_its_brotli_module(served: Path, tmp_path: Path) -> None:
    """The one line that needs the module is marked out and says so; a reader who asks for brotli gets the page."""
    settings = render_nginx(unnamed_city(), DEFAULT)
    assert re.findall(r"^ *(\S* ?)brotli_static on;", settings, re.MULTILINE) == ["# "]
    assert "libnginx-mod-http-brotli-static" in settings
    with run_server("nginx", served, tmp_path) as port:
        assert ask(port, "/", "br").body == PAGE
        assert ask(port, "/", "br, gzip").headers["content-encoding"] == "gzip"


def test_open_data_may_be_read_by_other_sites(port: int) -> None:
    answer = ask(port, "/data/places.geojson")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-type"].startswith("application/geo+json")
    assert "access-control-allow-origin" not in ask(port, "/").headers


def test_caddy_sends_brotli(served: Path, tmp_path: Path) -> None:
    with run_server("caddy", served, tmp_path) as port:
        answer = ask(port, "/", "br, gzip")
    assert answer.headers["content-encoding"] == "br"
    assert brotli.decompress(answer.body) == PAGE


def test_the_site_carries_the_same_headers_for_netlify(real_site: Path) -> None:
    """`_headers` stands in the site's root; the limits are Cloudflare's."""
    text = (real_site / "_headers").read_text(encoding="utf-8")
    blocks = re.split(r"^(?=/)", text, flags=re.MULTILINE)[1:]
    found = {b.splitlines()[0]: [line.strip() for line in b.splitlines()[1:]] for b in blocks}
    assert found["/*"] == [f"{name}: {value}" for name, value in security_headers(Tiles()).items()]
    for folder in ("assets", "pagefind/results", "pagefind/words"):
        assert found[f"/{folder}/*"] == [f"Cache-Control: {IMMUTABLE}"]
    assert max(map(len, text.splitlines())) < 2000


def test_every_asset_is_named_by_its_content(real_site: Path) -> None:
    """What may be kept for a year must never change under its name."""
    assets = [p.relative_to(real_site).as_posix() for p in (real_site / "assets").rglob("*") if p.is_file()]
    assert assets
    assert [name for name in assets if not re.search(r"\.[0-9a-f]{8}[./]", name)] == []


def test_every_kind_of_file_has_its_type(real_site: Path) -> None:
    """The server is told the type of each file that the site holds."""
    settings = render_nginx(unnamed_city(), DEFAULT)
    known = set(re.findall(r"[a-z0-9]+(?=[ ;])", settings.partition("types {")[2].partition("}")[0]))
    found = {path.suffix[1:] for path in real_site.rglob("*") if path.is_file()}
    assert found - known - {""} == set()


def test_the_command_prints_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", str(ROOT), "hosting", "nginx", "--folder", "/srv/x", "--listen", "81"]) == 0
    printed = capsys.readouterr().out
    assert "root /srv/x/current;" in printed
    assert "    listen 81;\n    listen [::]:81;\n    root" in printed
    named = ["hosting", "nginx", "--listen", "127.0.0.1:81", "--name", "belts.example.org"]
    assert main(["-C", str(ROOT), *named]) == 0
    assert "    listen 127.0.0.1:81;\n    server_name belts.example.org;\n" in capsys.readouterr().out
    assert main(["-C", str(ROOT), "hosting", "caddy", "--listen", "belts.example.org"]) == 0
    assert "\nbelts.example.org {" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("https://belts.example.org/area/", "server_name belts.example.org;"),
        ("https://示例.中国:8080/网/", "server_name xn--fsq092h.xn--fiqs8s;"),
        ("http://[::1]:8000/", ""),
    ],
)
def test_nginx_answers_to_the_name_of_the_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str, line: str
) -> None:
    """The host of site_url, unless another name is asked for, or none."""
    project = copy_site("second-city", tmp_path)
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write(f"site_url: {address}\n")
    names = {}
    for words in ((), ("--name", "other.example"), ("--name", "")):
        assert main(["-C", str(project), "hosting", "nginx", *words]) == 0
        lines = capsys.readouterr().out.splitlines()
        names[words] = "".join(text.strip() for text in lines if "server_name " in text)
    assert list(names.values()) == [line, "server_name other.example;", ""]


@pytest.mark.parametrize("address", ["81", "65535", "127.0.0.1:8080", "[::1]:8080", "localhost:80", "*:80"])
def test_a_port_may_have_an_address(address: str) -> None:
    assert can_listen("nginx", address)
    assert can_listen("caddy", address)


@pytest.mark.parametrize("server", ["nginx", "caddy"])
def test_an_address_is_listened_at_and_any_name_answered(server: str, served: Path, tmp_path: Path) -> None:
    """As behind a proxy: plain HTTP, whatever name readers have asked for."""
    with run_server(server, served, tmp_path, "127.0.0.1:{port}") as port:
        for name in (f"127.0.0.1:{port}", "belts.example.org"):
            answer = ask(port, "/", Host=name)
            assert (answer.status, answer.body) == (200, PAGE)


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("81", ":81 {\n\troute"),
        ("*:81", "http://:81 {\n\troute"),
        ("[::1]:81", "http://:81 {\n\tbind [::1]\n"),
        ("localhost:81", "http://:81 {\n\tbind localhost\n"),
        ("belts.example.org:8443", "belts.example.org:8443 {\n\troute"),
    ],
)
def test_caddy_gets_no_certificate_for_an_address(address: str, site: str) -> None:
    assert f"\n{site}" in render_caddy(unnamed_city(), Serving(address=address))


def test_caddy_listens_at_names() -> None:
    """A host name is Caddy's own: it sees to the certificate."""
    for name in ("belts.example.org", "*.example.org", "http://localhost", "https://belts.example.org:8443"):
        assert can_listen("caddy", name)
        assert not can_listen("nginx", name)


@pytest.mark.parametrize("server", ["nginx", "caddy"])
@pytest.mark.parametrize(
    "address", ["", "0", "65536", "abc def", "80; root /", "a:b", "127.0.0.1:", ":99999", "8０"]
)
def test_no_server_listens_at_other_words(
    capsys: pytest.CaptureFixture[str], server: str, address: str
) -> None:
    """They are wrong usage, and nothing is printed that a server would refuse."""
    assert main(["-C", str(ROOT), "--lang", "en", "hosting", server, f"--listen={address}"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "want a port or address:port" in captured.err


@pytest.mark.parametrize("words", [("nginx", "--name", "a b"), ("caddy", "--name", "belts.example.org")])
def test_a_name_is_a_host_name_of_nginx(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    assert main(["-C", str(ROOT), "--lang", "en", "hosting", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"--name {words[-1]}: want a host name for nginx" in captured.err


def test_nginx_listens_at_no_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", str(ROOT), "--lang", "zh", "hosting", "nginx", "--listen", "abc"]) == 2
    assert "--listen abc: 要写端口" in capsys.readouterr().err
