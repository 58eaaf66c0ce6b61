"""Building into a staging folder and swapping; what a failed build leaves."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from conftest import ROOT, copy_site

from build_scripts.building.build import build_site, carried, recover, swap
from build_scripts.cli import main
from build_scripts.errors import UserError
from build_scripts.faults.diagnostics import Problems
from build_scripts.faults.rules import Language
from build_scripts.project import check_all, load_content
from build_scripts.reading.load import load_dataset
from build_scripts.storage.looks import walk
from build_scripts.writing.ledger import Ledger


def _digest(site: Path) -> str:
    files = sorted(path for path in site.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def test_a_broken_record_leaves_the_last_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every fault is printed with its place, the exit code is 1, and site/ stays byte for byte."""
    project = copy_site("second-city", tmp_path)
    assert main(["-C", str(project), "build"]) == 0
    before = _digest(project / "site")
    area = project / "belts/areas/east-bank.yml"
    area.write_text(area.read_text(encoding="utf-8").replace("precision: village", "precision: town", 1))
    (project / "belts/workshops/bamboo.yml").write_text("name: 甲\nname: 乙\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["-C", str(project), "--lang", "zh", "build"]) == 1
    printed = capsys.readouterr().err
    assert "belts/areas/east-bank.yml:16:16: error[B204]" in printed
    assert "belts/workshops/bamboo.yml:2:1: error[B104]" in printed
    assert "Traceback" not in printed
    assert _digest(project / "site") == before


def test_a_dead_link_leaves_the_last_site(tmp_path: Path) -> None:
    """A hand-written page that links to a record that is not there fails the build and nothing else."""
    project = copy_site("second-city", tmp_path)
    build_site(project)
    before = _digest(project / "site")
    about = project / "content/about.md"
    about.write_text(about.read_text(encoding="utf-8").replace("areas/east-bank.md", "areas/west-bank.md"))
    with pytest.raises(Problems, match="B609"):
        build_site(project)
    assert _digest(project / "site") == before


@pytest.mark.parametrize(
    ("old", "new", "key", "missing"),
    [
        ("docs_dir: content", "docs_dir: contents", "docs_dir", "contents"),
        ("custom_dir: ", "custom_dir: no/", "theme", "no/"),
        ("templates: ", "templates: no/", "plugins", "没有文件夹 no/"),
    ],
)
def test_a_wrong_path_in_the_settings_is_said_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, key: str, missing: str
) -> None:
    """The file, the key and what is missing, no traceback; nothing is built without the data."""
    project = copy_site("second-city", tmp_path)
    settings = project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert main(["-C", str(project), "build"]) == 1
    told = capsys.readouterr().err
    assert re.search(
        rf"^mkdocs.yml:\d+:\d+: error\[B723\]: 设置 {key} 不能用：MkDocs 说：.*{missing}", told, re.MULTILINE
    )
    assert "ERROR" not in told
    assert not (project / "site").exists()


@pytest.mark.parametrize(
    ("setting", "key"),
    [
        ("use_directory_urls: false", "use_directory_urls"),
        ("site_url: https://a b.example/", "site_url"),
        ("site_url: ftp://a.example/", "site_url"),
        ("site_url: https://a.example/?b=c", "site_url"),
        ("docs_dir: belts", "docs_dir"),
        ("docs_dir: content/areas", "docs_dir"),
        ("theme: material", "theme"),
        ("theme: {name: mkdocs, custom_dir: content}", "theme"),
        ("extra_javascript: [my.js]", "extra_javascript"),
        ("extra_css: [https://elsewhere.example/a.css]", "extra_css"),
        ("extra_css: [gone.css]", "extra_css"),
        ("exclude_docs: about.md", "exclude_docs"),
        ("draft_docs: about.md", "draft_docs"),
        ("copyright: 某局", "copyright"),
        ("theme: {name: material, custom_dir: content, favicon: x.png}", "theme.favicon"),
        ("watch: [.]", "watch"),
        ("markdown_extensions: [pymdownx.snippets]", "markdown_extensions"),
        ("markdown_extensions: [{pymdownx.b64: {base_path: !relative $config_dir}}]", "markdown_extensions"),
        (
            "markdown_extensions: [{pymdownx.snippets: {base_path: !relative $docs_dir, url_download: true}}]",
            "markdown_extensions",
        ),
    ],
)
@pytest.mark.parametrize("options", [(), ("--no-fill",)])
def test_a_setting_that_would_break_the_site_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], setting: str, key: str, options: tuple[str, ...]
) -> None:
    """Though MkDocs takes it: the file and the key are named, and the last site stays."""
    project = copy_site("second-city", tmp_path)
    (project / "site").mkdir()
    settings = project / "mkdocs.yml"
    text = re.sub(
        rf"^{setting.partition(':')[0]}:.*\n( .*\n)*",
        "",
        settings.read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    settings.write_text(f"{text}{setting}\n", encoding="utf-8")
    assert main(["-C", str(project), "build", *options]) == 1
    line = len(text.splitlines()) + 1
    assert re.match(rf"mkdocs.yml:{line}:\d+: error\[B723\]: 设置 {key} 不能用：", capsys.readouterr().err)
    assert not [*(project / "site").iterdir()]


def test_settings_that_mkdocs_refuses_are_told_together_each_where_it_stands(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """In whichever file, with what was most likely meant, and in none of MkDocs' own lines."""
    project = copy_site("second-city", tmp_path)
    settings = project / "mkdocs.yml"
    lines = settings.read_text(encoding="utf-8").splitlines()
    settings.write_text("\n".join(("INHERIT: base.yml", *lines, "site_autor: 某局")), encoding="utf-8")
    (project / "base.yml").write_text("extra_css: 5\nhooks: [gone.py]\n", encoding="utf-8")
    assert main(["-C", str(project), "--lang", "en", "build"]) == 1
    told = capfd.readouterr().err
    assert "base.yml:1:12: error[B723]: the setting `extra_css` cannot be used: MkDocs says: " in told
    assert f"mkdocs.yml:{len(lines) + 2}:13: error[B723]: the setting `site_autor` cannot be used" in told
    assert "MkDocs knows no such key, did you mean `site_author`?" in told
    assert not re.search("WARNING|ERROR|Aborted|Traceback", told)
    assert not (project / "site").exists()


def test_an_address_that_is_none_at_all_is_told(tmp_path: Path) -> None:
    project = copy_site("second-city", tmp_path)
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write("repo_url: 'http://[a'\n")
    with pytest.raises(
        UserError, match=r"mkdocs.yml: 设置不能用 \(the settings cannot be used\): Invalid IPv6"
    ):
        build_site(project)


@pytest.mark.parametrize("options", [[], ["--no-fill"]])
def test_a_fault_in_a_template_of_the_theme_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    """With the template and its line, and the last site stays."""
    project = copy_site("second-city", tmp_path)
    templates = tmp_path / "site_templates"
    templates.unlink()
    shutil.copytree(ROOT / "site_templates", templates)
    theme = templates / "theme/main.html"
    theme.write_text("{% block x %}{{ 1 + }}\n" + theme.read_text(encoding="utf-8"), encoding="utf-8")
    assert main(["-C", str(project), "build", *options]) == 1
    said = capsys.readouterr().err
    assert "theme/main.html:1: TemplateSyntaxError: " in said
    assert "Traceback" not in said
    assert not (project / "site").exists()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda place: place.symlink_to("/nonexistent/belts"),
        lambda place: place.write_text("x"),
    ],
    ids=["a broken link", "a file"],
)
def test_a_cache_that_is_no_folder_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], object]
) -> None:
    """It is named and left as it is."""
    project = copy_site("second-city", tmp_path)
    spoil(project / ".cache")
    assert main(["-C", str(project), "build"]) == 1
    assert f"belts build: {project / '.cache'}: 不是文件夹" in capsys.readouterr().err
    assert not (project / ".cache").is_dir()


@pytest.mark.parametrize("address", ["https://示例.中国:8080/网/", "http://a.example", '""'])
def test_any_address_of_a_site_is_taken(tmp_path: Path, address: str) -> None:
    """With a port, a path, letters of any script, or none at all."""
    project = copy_site("second-city", tmp_path)
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write(f"site_url: {address}\n")
    build_site(project)
    home = address.strip('"').rstrip("/")
    assert f"<loc>{home}/</loc>" in (project / "site/sitemap.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda project: shutil.rmtree(project / "content"), "content"),
        (lambda project: (project / "mkdocs.yml").write_text("site_name: ["), "mkdocs.yml"),
    ],
)
def test_settings_that_were_sound_once_are_looked_at_again(
    tmp_path: Path, change: Callable[[Path], object], said: str
) -> None:
    """What an earlier build has found in mkdocs.yml holds no longer than that file and its folders do."""
    project = copy_site("second-city", tmp_path)
    build_site(project)
    change(project)
    with pytest.raises(UserError, match=said):
        build_site(project)
    assert (project / "site/index.html").is_file()


@pytest.mark.parametrize("variable", ["BELTS_ADDRESS", "belts_address", "_b"])
def test_settings_follow_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """A variable that mkdocs.yml names is read by every build."""
    project = copy_site("second-city", tmp_path)
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write(f"site_url: !ENV {variable}\n")
    for address in ("https://one.example/", "https://two.example/"):
        monkeypatch.setenv(variable, address)
        build_site(project)
        assert f"<loc>{address}</loc>" in (project / "site/sitemap.xml").read_text(encoding="utf-8")


def test_settings_that_are_inherited_count(tmp_path: Path) -> None:
    """mkdocs.yml may take over another file, and that one a third: each of them is read by every build."""
    project = copy_site("second-city", tmp_path)
    own = (project / "mkdocs.yml").read_text(encoding="utf-8")
    (project / "mkdocs.yml").write_text(f"INHERIT: 'shared/base.yml'  # ours\n{own}", encoding="utf-8")
    (project / "shared").mkdir()
    (project / "shared/base.yml").write_text("INHERIT: far.yml\n", encoding="utf-8")
    for address in ("https://one.example/", "https://two.example/"):
        (project / "shared/far.yml").write_text(f"site_url: {address}\n", encoding="utf-8")
        build_site(project)
        assert f"<loc>{address}</loc>" in (project / "site/sitemap.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "place", "code", "words"),
    [
        ('"INHERIT": base.yml\n', (1, 12), "B722", "it has to stand on a line of its own"),
        (
            "{site_url: '', INHERIT: base.yml}\n",
            (1, 25),
            "B722",
            "it has to stand on a line of its own",
        ),
        ("site_url: ''\nINHERIT: shared/base.yml\n", (2, 10), "B722", "there is no such file"),
        ("INHERIT: belts\n", (1, 10), "B722", "there is no such file"),
        ("INHERIT: mkdocs.yml\n", (1, 10), "B722", "it inherits from this one in turn"),
        ("INHERIT: belts/../mkdocs.yml\n", (1, 10), "B722", "it inherits from this one in turn"),
        ("INHERIT:\nsite_name: base.yml\n", (1, 9), "B203", "the path of a file of settings"),
        ("INHERIT: [base.yml]\n", (1, 10), "B203", "the path of a file of settings"),
    ],
    ids=["quoted", "inline", "missing", "a folder", "itself", "itself by a detour", "nothing", "a list"],
)
def test_what_cannot_be_inherited_is_refused(
    tmp_path: Path, text: str, place: tuple[int, int], code: str, words: str
) -> None:
    """By the check and the build alike. MkDocs follows other spellings, but a build that reads no YAML would not."""
    project = copy_site("second-city", tmp_path)
    (project / "mkdocs.yml").rename(project / "base.yml")
    (project / "mkdocs.yml").write_text(text, encoding="utf-8")
    with pytest.raises(Problems) as problems:
        build_site(project)
    (fault,) = problems.value.diagnostics
    assert (fault.path, (fault.line, fault.column), fault.code) == ("mkdocs.yml", place, code)
    assert words in fault.message(Language.EN)
    assert fault in check_all(load_dataset(project), load_content(project))


def test_files_that_inherit_from_each_other_are_refused(tmp_path: Path) -> None:
    """In the file that closes the circle."""
    project = copy_site("second-city", tmp_path)
    (project / "shared").mkdir()
    own = (project / "mkdocs.yml").read_text(encoding="utf-8")
    (project / "mkdocs.yml").write_text(f"INHERIT: shared/base.yml\n{own}", encoding="utf-8")
    (project / "shared/base.yml").write_text("site_author: 甲\nINHERIT: ../mkdocs.yml\n", encoding="utf-8")
    with pytest.raises(Problems) as problems:
        build_site(project)
    assert [(d.path, d.line, d.code) for d in problems.value.diagnostics] == [("shared/base.yml", 2, "B722")]


@pytest.mark.parametrize(
    ("settings", "file", "texts"),
    [
        (
            "theme: {custom_dir: mytheme}\n",
            "mytheme/partials/footer.html",
            ("<p>甲</p>", "<p>乙乙</p>"),
        ),
        (
            "hooks: [hook.py]\n",
            "hook.py",
            [f"def on_page_content(html, **_): return html + '<p>{word}</p>'\n" for word in ("甲", "乙乙")],
        ),
        (
            "watch: [notes]\nmarkdown_extensions: [{pymdownx.snippets: {base_path: [!relative $config_dir/notes]}}]\n",
            "notes/words.txt",
            ("甲", "乙乙"),
        ),
    ],
    ids=["a theme", "a hook", "a snippet"],
)
def test_what_the_settings_name_elsewhere_is_followed(
    tmp_path: Path, settings: str, file: str, texts: Sequence[str]
) -> None:
    """Files that are neither records nor pages nor templates count once mkdocs.yml names them."""
    project = copy_site("second-city", tmp_path)
    (project / "base.yml").write_bytes((project / "mkdocs.yml").read_bytes())
    (project / "mkdocs.yml").write_text(f"INHERIT: base.yml\n{settings}", encoding="utf-8")
    page = project / "content/about.md"
    page.write_text(page.read_text(encoding="utf-8") + '\n--8<-- "words.txt"\n', encoding="utf-8")
    shutil.copytree(ROOT / "site_templates/theme", project / "mytheme")
    (project / "notes").mkdir()
    for text, word in zip(texts, ("甲", "乙乙"), strict=True):
        (project / file).write_text(text, encoding="utf-8")
        build_site(project)
        assert f"<p>{word}</p>" in (project / "site/about/index.html").read_text(encoding="utf-8")


def test_the_name_of_a_folder_of_pages_is_followed(tmp_path: Path) -> None:
    """Though the files in it are as they were."""
    project = copy_site("second-city", tmp_path)
    (project / "content/old").mkdir()
    head = "---\ntitle: 说明\ndescription: 甲乙\n---\n\n"
    (project / "content/old/note.md").write_text(f"{head}甲\n", encoding="utf-8")
    build_site(project)
    (project / "content/old/note.md").write_text(f"{head}乙\n", encoding="utf-8")
    build_site(project)
    assert "<p>乙</p>" in (project / "site/old/note/index.html").read_text(encoding="utf-8")
    (project / "content/old").rename(project / "content/new")
    build_site(project)
    assert (project / "site/new/note/index.html").is_file()
    assert not (project / "site/old").exists()


def test_a_project_without_records_is_refused(tmp_path: Path) -> None:
    """MkDocs alone would build a site with nothing on it."""
    project = copy_site("second-city", tmp_path)
    build_site(project)
    before = _digest(project / "site")
    (project / "belts").rename(project / "away")
    with pytest.raises(UserError, match="没有文件夹 belts（there is no folder belts）"):
        build_site(project)
    assert _digest(project / "site") == before


def test_a_link_to_other_templates_is_followed(tmp_path: Path) -> None:
    """The folder as it is written counts, not where it led to at first."""
    project = copy_site("second-city", tmp_path)
    link = project / "templates"
    link.symlink_to(ROOT / "site_templates")
    settings = project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8").replace(
        "templates: ../../../site_templates", "templates: templates"
    )
    settings.write_text(text, encoding="utf-8")
    build_site(project)
    shutil.copytree(ROOT / "site_templates", tmp_path / "other")
    page = tmp_path / "other/views/home.html"
    page.write_text(f"<p>另一套模板</p>\n{page.read_text(encoding='utf-8')}", encoding="utf-8")
    link.unlink()
    link.symlink_to(tmp_path / "other")
    build_site(project)
    assert "另一套模板" in (project / "site/index.html").read_text(encoding="utf-8")


def test_libraries_that_are_missing_are_named_with_their_setting(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where node_modules was expected, and what to run."""
    project = copy_site("second-city", tmp_path)
    settings = project / "mkdocs.yml"
    text = re.sub(
        "      node_modules: .*", "      node_modules: nowhere", settings.read_text(encoding="utf-8")
    )
    settings.write_text(text, encoding="utf-8")
    assert main(["-C", str(project), "build"]) == 1
    told = capsys.readouterr().err
    assert str(project / "nowhere/leaflet") in told
    assert "node_modules in mkdocs.yml" in told
    assert "make setup" in told


def test_a_record_gone_is_a_page_gone(tmp_path: Path) -> None:
    """A page of the last build does not linger when its record is taken out."""
    project = copy_site("second-city", tmp_path)
    build_site(project)
    (project / "belts/workshops/bamboo.yml").unlink()
    build_site(project)
    assert not (project / "site/workshops/bamboo").exists()
    assert (project / "site/workshops/index.html").exists()


def test_faults_are_one_exception(tmp_path: Path) -> None:
    """The data's faults reach a caller as `Problems`, all of them."""
    project = copy_site("second-city", tmp_path)
    (project / "belts/workshops/bamboo.yml").write_text("", encoding="utf-8")
    (project / "belts/alliances/river-union.yml").write_text("- a\n", encoding="utf-8")
    with pytest.raises(Problems) as caught:
        build_site(project)
    assert {d.code for d in caught.value.diagnostics} >= {"B102", "B103"}


def test_two_builds_at_once_take_turns(tmp_path: Path) -> None:
    """A build that starts while another runs waits, and both end with a whole site."""
    project = copy_site("second-city", tmp_path)
    command = [sys.executable, "-m", "build_scripts", "-C", str(project), "--lang", "en", "build"]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in "12"
    ]
    printed = [process.communicate()[0].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert [line.split(" → ")[0] for line in printed] == ["8 records, 22 pages"] * 2
    assert (project / "site/areas/east-bank/index.html").is_file()


def test_a_build_sums_up_in_the_language_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The one that made the site as well as the one that found nothing to do."""
    project = copy_site("second-city", tmp_path)
    for language, text in (("zh", "8 条记录，22 个页面"), ("en", "8 records, 22 pages"), ("zh", "8 条记录")):
        assert main(["-C", str(project), "--lang", language, "build"]) == 0
        assert capsys.readouterr().out.startswith(text)


def test_an_interrupted_swap_is_recovered(tmp_path: Path) -> None:
    """Killed between two renames, the next run puts the last good site back before it begins."""
    target, previous = tmp_path / "site", tmp_path / ".site.previous"
    previous.mkdir()
    (previous / "index.html").write_text("good")
    (tmp_path / ".site.building").mkdir()
    recover(target)
    assert (target / "index.html").read_text() == "good"
    assert not previous.exists()


def test_a_finished_swap_is_left(tmp_path: Path) -> None:
    """Killed before the last rename, the new site stands and the one before it is not in the way."""
    target, previous = tmp_path / "site", tmp_path / ".site.previous"
    for folder, text in ((target, "new"), (previous, "old")):
        folder.mkdir()
        (folder / "index.html").write_text(text)
    staging = recover(target)
    assert (target / "index.html").read_text() == "new"
    assert not previous.exists()
    assert (staging / "index.html").read_text() == "old"


def test_a_swap_replaces_the_whole(tmp_path: Path) -> None:
    """After a swap only the new files are in the site; the site before is where the next one will be made."""
    target, staging = tmp_path / "site", tmp_path / ".site.building"
    target.mkdir()
    (target / "old.html").write_text("old")
    staging.mkdir()
    (staging / "new.html").write_text("new")
    swap(staging, target)
    found = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*"))
    assert found == [".site.building", ".site.building/old.html", "site", "site/new.html"]


def test_outside_a_project_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Run where there is no mkdocs.yml, or nothing at all, the command names what is missing."""
    assert main(["-C", str(tmp_path), "build"]) == 2
    assert "belts/" in capsys.readouterr().err
    (tmp_path / "belts").mkdir()
    assert main(["-C", str(tmp_path), "build"]) == 1
    assert "mkdocs.yml" in capsys.readouterr().err


def test_links_and_pipes_are_named_and_never_opened(tmp_path: Path) -> None:
    """A link to an endless file, a link out of the project and a pipe: faults, and nothing waits or is read."""
    project = copy_site("second-city", tmp_path)
    os.mkfifo(project / "belts/areas/pipe.yml")
    os.mkfifo(project / "content/pipe.md")
    (project / "content/endless.md").symlink_to("/dev/zero")
    (project / "belts/city-2.yml").symlink_to("/dev/zero")
    (project / "content/system").symlink_to("/etc")
    command = [sys.executable, "-m", "build_scripts", "-C", str(project), "--lang", "en", "build"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 1
    assert re.findall(r"^(\S+):1:1: error\[(B7\d\d)\]", done.stderr, re.MULTILINE) == [
        ("belts/areas/pipe.yml", "B705"),
        ("belts/city-2.yml", "B704"),
        ("content/endless.md", "B704"),
        ("content/pipe.md", "B705"),
        ("content/system", "B704"),
    ]
    assert not (project / "site").exists()


def _many_files(tmp_path: Path) -> Ledger:
    """The ledger of a site of so many files that their paths fill a pipe."""
    site, file, names = tmp_path / "site", tmp_path / "ledger", [f"{number:050}" for number in range(3000)]
    site.mkdir()
    for name in names:
        (site / name).touch()
    ledger = Ledger(site, file)
    ledger.note("all", b"key", dict.fromkeys(names, hashlib.sha256().hexdigest()))
    ledger.save(walk(str(site)))
    return Ledger(site, file)


@pytest.fixture
def soon() -> Iterator[None]:
    """What takes a minute waits for ever."""

    def give_up(*_: object) -> None:
        raise TimeoutError

    last = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, last)


@pytest.mark.usefixtures("soon")
def test_a_fault_found_while_files_are_carried_over_ends_the_build(tmp_path: Path) -> None:
    """However many files there are to tell of; and what was carried over is there for the next build."""
    ledger = _many_files(tmp_path)
    with pytest.raises(UserError), carried(ledger, tmp_path / "staging"):
        raise UserError
    assert ledger.keep("all", b"key") is None
    with carried(ledger, tmp_path / "staging") as wait:
        wait()
        assert len(ledger.keep("all", b"key") or ()) == 3000
    assert len([*(tmp_path / "staging").iterdir()]) == 3000


@pytest.mark.usefixtures("soon")
def test_a_process_that_carries_files_over_ends_with_the_build(tmp_path: Path) -> None:
    """Also when the build is killed: it would hold the lock for ever."""
    ledger = _many_files(tmp_path)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with carried(ledger, tmp_path / "staging"):
            os.kill(os.getpid(), signal.SIGKILL)
    os.close(writer)
    os.waitpid(child, 0)
    assert os.read(reader, 1) == b""  # once no process holds the other end
    os.close(reader)
