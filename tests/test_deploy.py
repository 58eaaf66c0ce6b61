"""Deploys: one switch, or nothing; what was live stays live whatever happens."""

import fcntl
import gzip
import os
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import brotli
import pytest
from conftest import ROOT, copy_site, require, serve
from sample_releases import PAGES, find_faults, make_site
from web_servers import ask, run_server, run_sshd

from build_scripts.building.build import build_site
from build_scripts.cli import main
from build_scripts.deploy.host import Host, find_host
from build_scripts.deploy.public import check_public
from build_scripts.deploy.release import deploy_site, roll_back
from build_scripts.errors import UserError
from build_scripts.provenance.stamp import STAMP, decode_stamp, encode_stamp, hash_manifest, hash_tree

# Like ssh: drops the user and the host, joins the words, asks a shell.
FAKE_SSH = '#!/bin/sh\n[ "$1" != -l ] || shift 2\nshift\nexec sh -c "$*"\n'
# The same for one user of one IPv6 address, named as ssh and as rsync name them.
FAKE_SSH_6 = FAKE_SSH.replace("\n", '\ncase "$*" in "web@::1 "*|"-l web ::1 "*) ;; *) exit 9 ;; esac\n', 1)


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder in memory where there is one: a deploy waits until a disk has everything."""
    memory = Path("/dev/shm")  # noqa: S108 (made private below)
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        (Path(folder) / "belts").mkdir()
        yield Path(folder)


@pytest.fixture
def sites(tmp_path: Path) -> list[Path]:
    """Three builds of the same pages."""
    require(shutil.which("rsync"), "rsync")
    return [make_site(tmp_path / "sites" / name, name) for name in ("v1", "v2", "v3")]


@pytest.fixture(params=["here", "ssh"])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Host:
    """A folder of this machine, and the same reached as another machine's."""
    if request.param == "here":
        return find_host(str(tmp_path / "served"))
    ssh = tmp_path / "fake ssh"
    ssh.write_text(FAKE_SSH)
    ssh.chmod(0o755)
    return find_host(f"web@host:{tmp_path}/served", shlex.quote(str(ssh)))


def _releases(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "releases").iterdir())


def test_a_deploy_makes_the_site_live(sites: list[Path], host: Host, tmp_path: Path) -> None:
    """Here and by SSH alike: the tree is there whole, with compressed copies of its texts."""
    done = deploy_site(sites[0], host, tmp_path / "work")
    assert done.is_new
    live = tmp_path / "served/current"
    assert find_faults(tmp_path / "served", sites[:1]) == []
    page = (sites[0] / "index.html").read_bytes()
    assert gzip.decompress((live / "index.html.gz").read_bytes()) == page
    assert brotli.decompress((live / "index.html.br").read_bytes()) == page
    assert not (live / "build.json.gz").exists()
    assert oct((live / "areas").stat().st_mode)[-3:] == "755"


def test_deploying_the_same_again_does_nothing(sites: list[Path], host: Host, tmp_path: Path) -> None:
    deploy_site(sites[0], host, tmp_path / "work")
    assert not deploy_site(sites[0], host, tmp_path / "work").is_new
    assert len(_releases(tmp_path / "served")) == 1


@pytest.mark.parametrize("name", ["index.html", "index.html.gz", "areas/a3/index.html", "added.html"])
def test_a_damaged_live_site_is_sent_anew(sites: list[Path], host: Host, tmp_path: Path, name: str) -> None:
    """Its build.json says that it is this build; what was changed or added is found all the same, and named."""
    for site in sites[:2]:
        deploy_site(site, host, tmp_path / "work")
    live = tmp_path / "served/current" / name
    live.unlink(missing_ok=True)
    live.write_text("defaced")
    done = deploy_site(sites[1], host, tmp_path / "work")
    assert [warning.endswith(f"sent anew): {name}") for warning in done.warnings] == [True]
    assert done.release.startswith("releases/000003-")
    live = tmp_path / "served/current" / name
    assert not live.exists() or live.read_bytes() != b"defaced"
    roll_back(host)
    assert find_faults(tmp_path / "served", sites[:1]) == []


def test_an_unchanged_file_keeps_its_date(sites: list[Path], host: Host, tmp_path: Path) -> None:
    """It is one file on disk, so that a browser's copy of it stays valid; a changed one is new."""
    deploy_site(sites[0], host, tmp_path / "work")
    live = tmp_path / "served/current"
    name = "assets/lib/leaflet.12345678.js"
    before = {n: (live / n).stat().st_ino for n in (name, f"{name}.gz", f"{name}.br", "index.html")}
    deploy_site(sites[1], host, tmp_path / "work")
    after = {n: (live / n).stat().st_ino for n in before}
    assert {n for n in before if before[n] == after[n]} == set(before) - {"index.html"}


def test_rollback_returns_to_the_release_before(sites: list[Path], host: Host, tmp_path: Path) -> None:
    folder = tmp_path / "served"
    for site in sites:
        deploy_site(site, host, tmp_path / "work")
    roll_back(host)
    assert find_faults(folder, [sites[1]]) == []
    roll_back(host)
    assert find_faults(folder, [sites[2]]) == []
    roll_back(host, "000001")
    assert find_faults(folder, [sites[0]]) == []
    with pytest.raises(UserError, match="matches 3 releases"):
        roll_back(host, "0000")


def test_a_rollback_to_what_is_live_forgets_nothing(sites: list[Path], host: Host, tmp_path: Path) -> None:
    for site in sites[:2]:
        deploy_site(site, host, tmp_path / "work")
    assert roll_back(host, "000002").startswith("releases/000002-")
    roll_back(host)
    assert find_faults(tmp_path / "served", sites[:1]) == []


def test_a_switch_that_was_cut_off_leaves_nothing_to_return_to(
    sites: list[Path], host: Host, tmp_path: Path
) -> None:
    """Both links lead to what is live then, and a rollback says so."""
    deploy_site(sites[0], host, tmp_path / "work")
    (tmp_path / "served/previous").symlink_to((tmp_path / "served/current").readlink())
    with pytest.raises(UserError, match="no release to return to"):
        roll_back(host)
    assert find_faults(tmp_path / "served", sites[:1]) == []


@pytest.mark.parametrize("name", ["index.html", "index.html.bak", "assets/lib/leaflet.12345678.js", STAMP])
def test_a_damaged_release_is_not_returned_to(
    sites: list[Path], host: Host, tmp_path: Path, name: str
) -> None:
    """By itself and by name alike: it must hold what it was built with, or what is live stays."""
    for site in sites[:2]:
        deploy_site(site, host, tmp_path / "work")
    damaged = tmp_path / "served/previous" / name
    damaged.unlink(missing_ok=True)
    if damaged.suffix != ".js":
        damaged.write_text("{}")
    for to in ("", "000001"):
        with pytest.raises(UserError, match="files are missing or were changed"):
            roll_back(host, to)
    assert find_faults(tmp_path / "served", [sites[1]]) == []


def test_a_rollback_waits_for_no_model(sites: list[Path], tmp_path: Path) -> None:
    """It loads neither the records' models nor what maps and pages are made with."""
    host = Host(str(tmp_path / "served"))
    for site in sites[:2]:
        deploy_site(site, host, tmp_path / "work")
    script = "import sys; from build_scripts.cli import main; code = main(sys.argv[1:]); print(*sys.modules); sys.exit(code)"
    done = subprocess.run(
        [sys.executable, "-c", script, "rollback", str(tmp_path / "served")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert find_faults(tmp_path / "served", sites[:1]) == []
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "build_scripts" in loaded
    assert loaded & {"pydantic", "folium", "mkdocs", "jinja2", "shapely", "yaml"} == set()


def test_old_releases_go_but_never_what_is_live_or_before(sites: list[Path], tmp_path: Path) -> None:
    host, folder = Host(str(tmp_path / "served")), tmp_path / "served"
    for site in (*sites, *sites):
        deploy_site(site, host, tmp_path / "work", keep=2)
    assert [name[:6] for name in _releases(folder)] == ["000005", "000006"]
    roll_back(host)
    deploy_site(sites[0], host, tmp_path / "work", keep=1)
    assert (folder / "current/index.html").is_file()
    assert (folder / "previous/index.html").is_file()


def test_what_is_no_release_is_left_alone(sites: list[Path], host: Host, tmp_path: Path) -> None:
    """A folder that a disk brings along, or a person made, is neither counted nor removed."""
    (tmp_path / "served/releases/lost+found").mkdir(parents=True)
    for site in sites:
        deploy_site(site, host, tmp_path / "work", keep=1)
    assert [name[:6] for name in _releases(tmp_path / "served")] == ["000002", "000003", "lost+f"]


def test_a_link_that_leads_nowhere_is_no_live_site(sites: list[Path], host: Host, tmp_path: Path) -> None:
    """Its release was removed by hand: the next deploy says so and makes its own live."""
    for site in sites[:2]:
        deploy_site(site, host, tmp_path / "work")
    lost = (tmp_path / "served/current").readlink()
    shutil.rmtree(tmp_path / "served" / lost)
    done = deploy_site(sites[2], host, tmp_path / "work")
    assert [f"led to {lost}, which is gone" in warning for warning in done.warnings] == [True]
    assert find_faults(tmp_path / "served", [sites[2]]) == []
    roll_back(host)
    assert find_faults(tmp_path / "served", [sites[0]]) == []


def test_a_second_deploy_is_kept_out(sites: list[Path], host: Host, tmp_path: Path) -> None:
    with host.locked(), pytest.raises(UserError, match="another deploy is running"):
        deploy_site(sites[0], host, tmp_path / "work")
    assert deploy_site(sites[0], host, tmp_path / "work").is_new


def test_a_rollback_makes_no_folder(host: Host, tmp_path: Path) -> None:
    """A target typed wrongly is told, and left as it is."""
    with pytest.raises(UserError, match="no site was deployed here"):
        roll_back(host)
    assert not (tmp_path / "served").exists()


@pytest.mark.parametrize(
    ("lacking", "target"), [("rsync", "{}/served"), ("flock", "{}/served"), ("ssh", "host:{}/served")]
)
def test_a_missing_command_is_named_with_its_package(
    sites: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacking: str, target: str
) -> None:
    """Before anything is made or sent."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    for tool in {"sh", "ls", "mkdir", "rsync", "flock", "ssh"} - {lacking}:
        (bin_folder / tool).symlink_to(str(shutil.which(tool)))
    host = find_host(target.format(tmp_path))
    monkeypatch.setenv("PATH", str(bin_folder))
    package = {"flock": "util-linux", "ssh": "openssh-client"}.get(lacking, lacking)
    with pytest.raises(UserError, match=f"没有 {lacking} .*install {package}"):
        deploy_site(sites[0], host, tmp_path / "work")
    assert not (tmp_path / "served").exists()


def test_a_greeting_is_told(sites: list[Path], tmp_path: Path) -> None:
    """A machine whose login prints something cannot be asked anything."""
    ssh = tmp_path / "ssh"
    ssh.write_text(FAKE_SSH.replace("\n", "\necho Welcome to ningbo\n", 1))
    ssh.chmod(0o755)
    host = find_host(f"host:{tmp_path}/served", str(ssh))
    with pytest.raises(UserError, match=r"'Welcome to ningbo'.*must print nothing"):
        deploy_site(sites[0], host, tmp_path / "work")


def test_two_deploys_from_one_checkout_do_not_mix(sites: list[Path], tmp_path: Path) -> None:
    """The second, to another host, is refused while the first sends from the same folder of work."""
    work = tmp_path / "work"
    deploy_site(sites[0], Host(str(tmp_path / "one")), work)
    with (work / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(UserError, match="another deploy from here is running"):
            deploy_site(sites[0], Host(str(tmp_path / "two")), work)
    assert not (tmp_path / "two").exists()
    assert deploy_site(sites[0], Host(str(tmp_path / "two")), work).is_new


def test_the_lock_ends_with_its_holder(sites: list[Path], tmp_path: Path) -> None:
    """A deploy that was killed keeps nobody out."""
    code = (
        "import os, sys\nfrom build_scripts.deploy.host import Host\n"
        "lock = Host(sys.argv[1]).locked()\nlock.__enter__()\nos.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path / "served")], cwd=ROOT, check=False)
    assert killed.returncode == -9
    assert deploy_site(sites[0], Host(str(tmp_path / "served")), tmp_path / "work").is_new


def test_a_page_that_would_vanish_stops_the_deploy(sites: list[Path], host: Host, tmp_path: Path) -> None:
    """Addresses are for ever: the page is named, and what was live stays."""
    deploy_site(sites[0], host, tmp_path / "work")
    fewer = make_site(tmp_path / "fewer", "v4", PAGES[:-2])
    with pytest.raises(UserError, match=r"2 个页面会消失.*404\.html, areas/a11/index\.html\n.*belts rename"):
        deploy_site(fewer, host, tmp_path / "work")
    assert find_faults(tmp_path / "served", sites[:1]) == []
    more = make_site(tmp_path / "more", "v5", (*PAGES, "areas/new/index.html"))
    assert deploy_site(more, host, tmp_path / "work").is_new


def test_a_site_changed_after_its_build_is_refused(sites: list[Path], tmp_path: Path) -> None:
    host = Host(str(tmp_path / "served"))
    deploy_site(sites[0], host, tmp_path / "work")
    (sites[1] / "index.html").write_text("changed by hand")
    with pytest.raises(UserError, match="changed since it was built"):
        deploy_site(sites[1], host, tmp_path / "work")
    (sites[2] / "link").symlink_to("/etc/passwd")
    with pytest.raises(UserError, match="symbolic link"):
        deploy_site(sites[2], host, tmp_path / "work")
    assert find_faults(tmp_path / "served", sites[:1]) == []


def test_the_site_itself_is_no_place_for_it(sites: list[Path], tmp_path: Path) -> None:
    """Releases inside the built site would be published with it."""
    (tmp_path / "link").symlink_to(sites[0])
    for folder in (sites[0], sites[0] / "x", tmp_path / "link/areas/x"):
        with pytest.raises(UserError, match="name another folder"):
            deploy_site(sites[0], Host(str(folder)), tmp_path / "work")
    assert decode_stamp((sites[0] / STAMP).read_bytes()).manifest == hash_manifest(hash_tree(sites[0]))
    assert not (tmp_path / "work").exists()


def test_a_file_named_as_a_compressed_form_is_refused(sites: list[Path], host: Host, tmp_path: Path) -> None:
    """Nobody could tell it from what is sent beside the file: only the sitemap has one, which is MkDocs'."""
    site = make_site(tmp_path / "sites/other", "v4", ("index.html", "index.html.br"))
    with pytest.raises(UserError, match=r"index\.html\.br"):
        deploy_site(site, host, tmp_path / "work")


def test_a_real_site_is_returned_to(tmp_path: Path) -> None:
    project, host = copy_site("second-city", tmp_path), Host(str(tmp_path / "served"))
    page = next((project / "content").glob("*.md"))
    built = []
    for words in ("", "\n改过一次。\n"):
        page.write_text(page.read_text(encoding="utf-8") + words, encoding="utf-8")
        site = build_site(project).site
        built.append((site / STAMP).read_bytes())
        deploy_site(site, host, tmp_path / "work")
    roll_back(host)
    assert (tmp_path / "served/current" / STAMP).read_bytes() == built[0]
    roll_back(host)
    assert (tmp_path / "served/current" / STAMP).read_bytes() == built[1]


def test_a_file_is_no_folder(sites: list[Path], host: Host, tmp_path: Path) -> None:
    (tmp_path / "served").write_text("mine")
    with pytest.raises(UserError, match="a file stands there: name a folder"):
        deploy_site(sites[0], host, tmp_path / "work")
    assert (tmp_path / "served").read_text() == "mine"


def test_another_folder_is_left_alone(sites: list[Path], host: Host, tmp_path: Path) -> None:
    """A target typed wrongly must not fill somebody's files with releases."""
    (tmp_path / "served").mkdir()
    (tmp_path / "served/thesis.txt").write_text("all my work")
    with pytest.raises(UserError, match="holds other files"):
        deploy_site(sites[0], host, tmp_path / "work")
    assert os.listdir(tmp_path / "served") == ["thesis.txt"]  # noqa: PTH208 (names alone)


@pytest.mark.parametrize(
    "target",
    [
        "web@host:srv/belts",
        "host:srv",
        "[::1:/srv",
        "[::1]/srv",
        "web@host",
        "-oProxy=x:/srv",
        "a@-b:/srv",
        "host:/",
    ],
)
def test_a_target_that_is_nearly_another_machine_is_refused(target: str) -> None:
    """It is not taken for a folder here, which would be filled with exit 0."""
    with pytest.raises(UserError, match="another machine is"):
        find_host(target)


def test_a_folder_here_may_have_any_name(tmp_path: Path) -> None:
    for name in ("web@home", "a:b"):
        assert find_host(f"{tmp_path}/{name}") == Host(f"{tmp_path}/{name}")
        assert find_host(f"./{name}") == Host(str(Path.cwd() / name))


def test_a_machine_may_be_named_by_its_address(sites: list[Path], tmp_path: Path) -> None:
    """IPv6 in brackets, which rsync wants and ssh does not."""
    ssh = tmp_path / "ssh"
    ssh.write_text(FAKE_SSH_6)
    ssh.chmod(0o755)
    host = find_host(f"web@[::1]:{tmp_path}/served/", str(ssh))
    assert host.name == f"web@[::1]:{tmp_path}/served"
    assert deploy_site(sites[0], host, tmp_path / "work").is_new
    assert find_faults(tmp_path / "served", sites[:1]) == []


def test_a_strict_mask_makes_no_closed_folders(sites: list[Path], tmp_path: Path) -> None:
    """The server is another user: it must be able to enter every folder that is made."""
    mask = os.umask(0o077)
    try:
        deploy_site(sites[0], Host(str(tmp_path / "new/served")), tmp_path / "work")
    finally:
        os.umask(mask)
    served = tmp_path / "new/served"
    folders = [served.parent, served, *(path for path in served.rglob("*") if path.is_dir())]
    assert {
        path.name: oct(path.stat().st_mode)[-3:] for path in folders if path.stat().st_mode & 0o777 != 0o755
    } == {}
    assert all(path.stat().st_mode & 0o444 == 0o444 for path in (served / "current/").rglob("*"))


def test_a_real_ssh_server_is_served_the_same(sites: list[Path], tmp_path: Path) -> None:
    """OpenSSH with a key of its own: sent, linked where unchanged, locked, rolled back; a foreign key is refused."""
    folder, work = tmp_path / "served", tmp_path / "work"
    (tmp_path / "sshd").mkdir()
    with run_sshd(tmp_path / "sshd") as ssh:
        host = find_host(f"127.0.0.1:{folder}", ssh)
        assert deploy_site(sites[0], host, work).is_new
        with host.locked(), pytest.raises(UserError, match="another deploy is running"):
            deploy_site(sites[1], host, work)
        assert deploy_site(sites[1], host, work).is_new
        assert find_faults(folder, [sites[1]]) == []
        assert (folder / "current/assets/lib/leaflet.12345678.js").stat().st_nlink == 2
        roll_back(host)
        assert find_faults(folder, [sites[0]]) == []
        stranger = find_host(f"127.0.0.1:{folder}", ssh.replace("/sshd/known", "/sshd/nobody"))
        with pytest.raises(UserError, match="Host key verification failed"):
            deploy_site(sites[2], stranger, work)
    assert find_faults(folder, [sites[0]]) == []


# -- reading back --------------------------------------------------------------------------------


def test_what_the_address_serves_is_read_back(sites: list[Path], tmp_path: Path) -> None:
    """An address that serves another build fails the deploy, and the release before is live again."""
    host, work, folder = Host(str(tmp_path / "served")), tmp_path / "work", tmp_path / "served"
    deploy_site(sites[0], host, work)
    with serve(folder / "current") as address:
        assert deploy_site(sites[1], host, work, url=address).is_new
    with serve(sites[0]) as other, pytest.raises(UserError, match="not the build that was sent"):
        deploy_site(sites[2], host, work, url=other)
    assert find_faults(folder, [sites[1]]) == []
    with pytest.raises(UserError, match="cannot be read"):
        deploy_site(sites[2], host, work, url="http://127.0.0.1:9/")
    with pytest.raises(UserError, match="not an address"):
        deploy_site(sites[2], host, work, url=f"file:{tmp_path}")
    assert find_faults(folder, [sites[1]]) == []


def test_what_was_undone_is_never_returned_to(sites: list[Path], host: Host, tmp_path: Path) -> None:
    """The links are as they were, and the rejected release is gone: a rollback leads to the one before."""
    work, folder = tmp_path / "work", tmp_path / "served"
    for site in sites[:2]:
        deploy_site(site, host, work)
    with pytest.raises(UserError, match=r"cannot be read.*\n.*switched back"):
        deploy_site(sites[2], host, work, url="http://127.0.0.1:9/")
    assert [name[:6] for name in _releases(folder)] == ["000001", "000002"]
    assert find_faults(folder, [sites[1]]) == []
    roll_back(host)
    assert find_faults(folder, [sites[0]]) == []


def test_a_first_deploy_is_undone_too(sites: list[Path], host: Host, tmp_path: Path) -> None:
    """Nothing was live before, so nothing is afterwards; and that is said."""
    with pytest.raises(UserError, match=r"cannot be read.*\n.*nothing is live, as before"):
        deploy_site(sites[0], host, tmp_path / "work", url="http://127.0.0.1:9/")
    assert not os.path.lexists(tmp_path / "served/current")
    assert _releases(tmp_path / "served") == []


def test_every_file_of_an_address_is_compared(
    sites: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page that was changed, and a file that is gone, are named though build.json is the right one."""
    served = Path(shutil.copytree(sites[0], tmp_path / "copy"))
    (served / "404.html").unlink()
    with serve(served) as address:
        command = ["-C", str(tmp_path), "--lang", "en", "live", address, "--site", str(sites[0])]
        assert main(command) == 0
        assert "serves it, 16 files alike" in capsys.readouterr().out
        (served / "areas/a3/index.html").write_text("defaced")
        (served / "assets/lib/leaflet.12345678.js").unlink()
        assert main(command) == 1
        named = "areas/a3/index.html, assets/lib/leaflet.12345678.js"
        assert (
            f"2 个文件不是生成的那样 (files are not as they were built): {named}\n" in capsys.readouterr().err
        )


def test_an_address_may_be_chinese(sites: list[Path], tmp_path: Path) -> None:
    """Its host is asked for in Punycode, full-width digits in plain ones, its path in per cent signs."""
    shutil.copytree(sites[0], tmp_path / "示范片")
    with serve(tmp_path) as address:
        check_public(f"{address}示范片/".replace("http://127", "HTTP://１２７"), sites[0])


@pytest.mark.parametrize("url", ["https://host:abc/", "https://[x/", "https://a b/"])
def test_an_address_that_is_none_is_told(url: str, tmp_path: Path) -> None:
    """Whatever is wrong with it, it is not asked."""
    with pytest.raises(UserError, match="cannot be read"):
        check_public(url, tmp_path)


def test_the_commands_say_what_they_did(
    sites: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 0 and the release's name; exit 1 and what to do."""
    target = str(tmp_path / "served")
    deploy = ["-C", str(tmp_path), "--lang", "en", "deploy", target, "--site"]
    assert main([*deploy, str(sites[0])]) == 0
    assert "releases/000001-" in capsys.readouterr().out
    assert main(["-C", str(tmp_path), "rollback", target]) == 1
    assert "no release to return to" in capsys.readouterr().err
    assert main([*deploy, str(sites[1])]) == 0
    assert main(["-C", str(tmp_path), "--lang", "en", "rollback", target]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("is live")
    with serve(tmp_path / "served/current") as address:
        live = ["-C", str(tmp_path), "live", address, "--site"]
        assert main([*live, str(sites[0])]) == 0
        assert main([*live, str(sites[1])]) == 1
    assert main(["-C", str(tmp_path), "deploy", target]) == 1
    assert "belts build" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "words"),
    [({"modified": True}, "v100000 (modified)"), ({"commit": ""}, "no commit known"), ({}, "v100000 · ")],
)
def test_the_commit_of_a_release_is_told(
    sites: list[Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, str | bool],
    words: str,
) -> None:
    """And that files differ from it, or that nobody knows it."""
    stamp = decode_stamp((sites[0] / STAMP).read_bytes())
    (sites[0] / STAMP).write_bytes(encode_stamp(stamp._replace(**change)))
    command = ["-C", str(tmp_path), "--lang", "en", "deploy", str(tmp_path / "served"), "--site"]
    assert main([*command, str(sites[0])]) == 0
    assert f" · {words}" in capsys.readouterr().out


def test_where_no_records_are_nothing_is_sent(
    sites: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody knows there what is a draft or a comment: exit 2, and a scan says what it could not look for."""
    elsewhere, site = ["-C", str(tmp_path / "sites"), "--lang", "en"], str(sites[0])
    assert main([*elsewhere, "deploy", str(tmp_path / "served"), "--site", site]) == 2
    assert "there is no belts/ folder" in capsys.readouterr().err
    assert not (tmp_path / "served").exists()
    main([*elsewhere, "scan", site])
    assert "drafts, comments and withdrawn records were not looked for" in capsys.readouterr().err
    main(["-C", str(tmp_path), "scan", site])
    assert "looked for" not in capsys.readouterr().err


def test_what_must_not_be_published_is_not_sent(
    sites: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A whole site, as its build left it, with a mobile number in it: exit 1, and the live one stays."""
    target = tmp_path / "served"
    deploy = ["-C", str(tmp_path), "--lang", "en", "deploy", str(target), "--site"]
    assert main([*deploy, str(sites[0])]) == 0
    (sites[1] / "notes.txt").write_text("13800138000")
    _stamp_again(sites[1])
    assert main([*deploy, str(sites[1])]) == 1
    assert "notes.txt:1: 138****8000" in capsys.readouterr().err
    assert find_faults(target, sites[:1]) == []
    assert len(_releases(target)) == 1


def test_a_site_that_lacks_what_its_pages_name_is_not_sent(
    sites: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Though its stamp is right, for a build may have been torn: exit 1, the page and what it lacks."""
    page = '<title>x</title>\n<link rel="stylesheet" href="assets/main.css">\n'
    (sites[0] / "index.html").write_text(page)
    _stamp_again(sites[0])
    deploy = [
        "-C",
        str(tmp_path),
        "--lang",
        "en",
        "deploy",
        str(tmp_path / "served"),
        "--site",
        str(sites[0]),
    ]
    assert main(deploy) == 1
    assert "index.html → assets/main.css" in capsys.readouterr().err
    assert not (tmp_path / "served").exists()
    (sites[0] / "assets/main.css").write_text("p { color: red }")
    _stamp_again(sites[0])
    assert main(deploy) == 0


def _stamp_again(site: Path) -> None:
    """Let a site's build.json tell of its files as they are."""
    stamp, hashes = decode_stamp((site / STAMP).read_bytes()), hash_tree(site)
    (site / STAMP).write_bytes(
        encode_stamp(stamp._replace(files=len(hashes), manifest=hash_manifest(hashes)))
    )


# -- what goes wrong -----------------------------------------------------------------------------


def _limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def test_a_full_disk_leaves_the_old_version(sites: list[Path], tmp_path: Path) -> None:
    """No file can grow beyond 4 KB in the deploy's processes: it fails, cleans up, and the old site is live."""
    host, work, folder = Host(str(tmp_path / "served")), tmp_path / "work", tmp_path / "served"
    deploy_site(sites[0], host, work)
    command = [sys.executable, "-m", "build_scripts", "-C", str(tmp_path), "deploy", str(folder), "--site"]
    done = subprocess.run(
        [*command, str(sites[1])],
        cwd=ROOT,
        preexec_fn=_limit_files,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert find_faults(folder, sites[:1]) == []
    assert len(_releases(folder)) == 1


@contextmanager
def _mounted(folder: Path) -> Iterator[None]:
    """A disk of 400 KB at a new folder; skipped where nobody may mount one."""
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
        pytest.skip("mounting needs root")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own; where there can be none, the test above covers the same."""
    with _mounted(tmp_path / "disk"):
        yield tmp_path / "disk"


@pytest.mark.parametrize("count", ["0", "-1", "1.5", "all"])
def test_no_number_of_releases_to_keep_is_a_usage_error(
    count: str, sites: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["-C", str(tmp_path), "deploy", str(tmp_path / "served"), "--site", str(sites[0])]
    with pytest.raises(SystemExit) as exit_:
        main([*command, f"--keep={count}"])
    assert exit_.value.code == 2
    assert f"{count}: 至少保留 1 个版本" in capsys.readouterr().err
    assert not (tmp_path / "served").exists()


def test_what_cannot_be_removed_is_told(
    sites: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The new release is live all the same, and what is half removed can no longer be returned to."""
    host, folder = Host(str(tmp_path / "served")), tmp_path / "served"
    for site in sites[:2]:
        deploy_site(site, host, tmp_path / "work")
    (first,) = (folder / "releases").glob("000001-*")
    with _mounted(first / "busy"):
        command = ["-C", str(tmp_path), "deploy", str(folder), "--keep", "1", "--site", str(sites[2])]
        assert main(command) == 0
        said = capsys.readouterr()
        assert "old releases were not removed" in said.err
        assert "000003-" in said.out
        with pytest.raises(UserError, match="matches 0 releases"):
            roll_back(host, "000001")
        first.with_name(f".old-{first.name}").rename(first)


def test_a_disk_without_room_leaves_the_old_version(
    sites: list[Path], small_disk: Path, tmp_path: Path
) -> None:
    """A real disk that fills up half-way: what was sent is removed, and the old site is live."""
    host, folder = Host(str(small_disk / "served")), small_disk / "served"
    deploy_site(sites[0], host, tmp_path / "work")
    with pytest.raises(UserError, match="the disk is full: make room"):
        deploy_site(sites[1], host, tmp_path / "work")
    assert find_faults(folder, sites[:1]) == []
    assert len(_releases(folder)) == 1


def test_killed_at_any_moment_one_whole_version_is_live(tmp_path: Path) -> None:
    """A hundred deploys, each killed with all its processes at a random moment, while a reader asks nginx.

    Every answer is a page of one version, whole; and after every kill every file that is live is of one.
    """
    require(shutil.which("rsync"), "rsync")
    sites = [make_site(tmp_path / "sites" / name, name) for name in ("v1", "v2", "v3")]
    folder, work = tmp_path / "served", tmp_path / "work"
    deploy_site(sites[0], Host(str(folder)), work)
    whole = {name: {(site / name).read_bytes() for site in sites} for name in PAGES}
    program = [sys.executable, str(ROOT / "tests/sample_releases.py")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    answers: list[tuple[str, int, bool]] = []
    over = threading.Event()

    def read_on(port: int) -> None:
        while not over.is_set():
            for name in PAGES[:-1]:
                answer = ask(port, f"/{name.removesuffix('index.html')}")
                answers.append((name, answer.status, answer.body in whole[name]))

    with run_server("nginx", folder, tmp_path / "nginx") as port:
        reader = threading.Thread(target=read_on, args=(port,))
        reader.start()
        try:
            words = [str(tmp_path / "sites"), str(folder), str(work), "100"]
            done = subprocess.run(
                [*program, *words], env=environment, capture_output=True, text=True, check=False
            )
        finally:
            over.set()
            reader.join()
    assert done.returncode == 0, done.stderr
    *faults, counts = done.stdout.splitlines()
    assert faults == []
    assert int(counts.split()[1]) >= 20, counts
    assert len(answers) > 500
    assert [answer for answer in answers if answer[1:] != (200, True)] == []
    deploy_site(make_site(tmp_path / "last", "v4"), Host(str(folder)), work)
    assert find_faults(folder, [tmp_path / "last"]) == []
    assert not [name for name in _releases(folder) if name.startswith(".")]


def test_a_copy_in_place_would_be_found(sites: list[Path], tmp_path: Path) -> None:
    """The check itself: a tree half of one version and half of another is a fault."""
    folder = tmp_path / "served"
    shutil.copytree(sites[0], folder / "current")
    assert find_faults(folder, sites) == []
    shutil.copy(sites[1] / "index.html", folder / "current/index.html")
    assert find_faults(folder, sites) == ["index.html"]
    (folder / "current/index.html").write_text("")
    assert find_faults(folder, sites) == ["index.html"]
