"""The set-up: what `toolchain.py` and the Makefile say on a machine that lacks something."""

import ast
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from build_scripts import toolchain

ROOT = Path(__file__).resolve().parents[1]
TOOLCHAIN = ROOT / "build_scripts" / "toolchain.py"
GOOD_TOOLS = {"node": "v18.0.0", "npm": "9.0.0", "git": "git version 2.39.0"}
RUNS = 'echo "1.0"'
BROKEN = "exit 1"

AddTool = Callable[[str, str], Path]


@pytest.fixture
def add_tool(tmp_path: Path) -> AddTool:
    """Write an executable into tmp_path/bin, the only folder on the PATH of the runs below."""
    folder = tmp_path / "bin"
    folder.mkdir()

    def add(name: str, body: str) -> Path:
        path = folder / name
        path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    return add


def run_toolchain(tmp_path: Path, command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, TOOLCHAIN, command],
        env={"PATH": str(tmp_path / "bin"), **environ},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def add_good_tools(add_tool: AddTool) -> None:
    for name, version in GOOD_TOOLS.items():
        add_tool(name, f'echo "{version}"')


def test_complete_machine_passes_in_silence(tmp_path: Path, add_tool: AddTool) -> None:
    add_good_tools(add_tool)
    done = run_toolchain(tmp_path, "build")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_old_node_is_named_with_its_version(tmp_path: Path, add_tool: AddTool) -> None:
    add_good_tools(add_tool)
    add_tool("node", "echo v12.22.9")
    done = run_toolchain(tmp_path, "build")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "Node.js v12.22.9 is too old: install Node.js 18 or newer.",
        "Node.js v12.22.9 太旧：请安装 Node.js 18 或更新的版本。",
    ]


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        ("node", "Node.js is missing", "缺少 Node.js"),
        ("npm", "npm is missing", "缺少 npm"),
        ("git", "git is missing", "缺少 git"),
    ],
)
@pytest.mark.parametrize("stub", [False, True], ids=["absent", "stub"])
def test_missing_tool_is_named(
    tmp_path: Path, add_tool: AddTool, name: str, english: str, chinese: str, stub: bool
) -> None:
    """A tool that is absent, or a stub that does not start, is named in both languages, alone."""
    add_good_tools(add_tool)
    add_tool(name, BROKEN)
    if not stub:
        (tmp_path / "bin" / name).unlink()
    done = run_toolchain(tmp_path, "build")
    assert done.returncode == 2
    first, second = done.stderr.splitlines()
    assert first.startswith(english)
    assert second.startswith(chinese)


def test_every_lack_is_named_in_one_run(tmp_path: Path, add_tool: AddTool) -> None:
    del add_tool  # an empty bin folder
    done = run_toolchain(tmp_path, "build")
    assert done.returncode == 2
    assert [line.split()[0] for line in done.stderr.splitlines()[::2]] == ["Node.js", "npm", "git"]


def test_old_python_is_named_with_its_version() -> None:
    (lack,) = toolchain.find_python_lacks((3, 9, 2))
    assert lack.english.startswith("Python 3.9.2 is too old: install Python 3.11 or newer")
    assert lack.chinese.startswith("Python 3.9.2 太旧：请安装 Python 3.11")


def test_this_python_is_new_enough() -> None:
    assert list(toolchain.find_python_lacks()) == []


def test_old_python_can_read_the_file() -> None:
    """The file that tells of an old Python parses there, and imports the standard library only."""
    tree = ast.parse(TOOLCHAIN.read_text(encoding="utf-8"), feature_version=(3, 7))
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imports}
    assert names
    assert {str(name).split(".")[0] for name in names} <= sys.stdlib_module_names | {"__future__"}


def test_oldest_versions_agree_with_the_declarations() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    engines = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["engines"]
    assert project["requires-python"] == ">=" + ".".join(map(str, toolchain.OLDEST_PYTHON))
    assert engines["node"] == f">={toolchain.OLDEST_NODE}"


@pytest.mark.parametrize("name", toolchain.CHROMIUM_NAMES)
def test_chromium_is_found_under_each_of_its_names(tmp_path: Path, add_tool: AddTool, name: str) -> None:
    browser = add_tool(name, RUNS)
    assert toolchain.find_chromium({"PATH": str(tmp_path / "bin")}) == str(browser)


def test_chromium_stub_is_passed_over(tmp_path: Path, add_tool: AddTool) -> None:
    """Ubuntu's `chromium-browser` may be a script that only tells of a snap: the next name is tried."""
    add_tool("chromium-browser", BROKEN)
    browser = add_tool("google-chrome", RUNS)
    assert toolchain.find_chromium({"PATH": str(tmp_path / "bin")}) == str(browser)


def test_chromium_variable_decides_alone(tmp_path: Path, add_tool: AddTool) -> None:
    add_tool("chromium", RUNS)
    named = add_tool("my-browser", RUNS)
    path = str(tmp_path / "bin")
    assert toolchain.find_chromium({"PATH": path, "CHROMIUM": str(named)}) == str(named)
    assert toolchain.find_chromium({"PATH": path, "CHROMIUM": str(tmp_path / "gone")}) is None


def test_java_home_comes_before_path(tmp_path: Path, add_tool: AddTool) -> None:
    on_path = add_tool("java", RUNS)
    home = tmp_path / "jre"
    shutil.copytree(tmp_path / "bin", home / "bin")
    path = str(tmp_path / "bin")
    assert toolchain.find_java({"PATH": path, "JAVA_HOME": str(home)}) == str(home / "bin" / "java")
    assert toolchain.find_java({"PATH": path, "JAVA_HOME": str(tmp_path / "gone")}) == str(on_path)


def test_absent_browser_is_a_warning_at_a_desk(tmp_path: Path, add_tool: AddTool) -> None:
    add_tool("java", RUNS)
    done = run_toolchain(tmp_path, "test")
    assert done.returncode == 0
    assert "Chromium is missing" in done.stderr
    assert "缺少 Chromium" in done.stderr
    assert "Java" not in done.stderr


@pytest.mark.parametrize(
    ("present", "absent"), [("java", "Chromium"), ("chromium", "Java"), ("chromium", "rsync")]
)
def test_absent_test_tool_is_a_failure_in_ci(
    tmp_path: Path, add_tool: AddTool, present: str, absent: str
) -> None:
    add_tool(present, RUNS)
    done = run_toolchain(tmp_path, "test", CI="true")
    assert done.returncode == 2
    assert f"{absent} is missing" in done.stderr
    assert "CI is set" in done.stderr


def test_all_test_tools_present_pass_in_silence(tmp_path: Path, add_tool: AddTool) -> None:
    add_tool("chromium", RUNS)
    for name in ("java", "nginx", "rsync"):
        add_tool(name, RUNS)
    done = run_toolchain(tmp_path, "test", CI="true")
    assert (done.returncode, done.stderr) == (0, "")


def test_absent_browser_is_installed_only_by_root(tmp_path: Path, add_tool: AddTool) -> None:
    """Root has apt-get install what is missing, and nothing else; anyone else is told what to install."""
    for name in ("java", "nginx", "rsync"):
        add_tool(name, RUNS)
    bin_folder, log = tmp_path / "bin", tmp_path / "apt.log"
    new = f"{bin_folder}/chromium"
    add_tool(
        "apt-get",
        f'echo "$*" >>{log}\ncase "$*" in *install*) printf "#!/bin/sh\\n" >{new}; /bin/chmod +x {new};; esac',
    )
    done = run_toolchain(tmp_path, "test", CI="true")
    if os.geteuid() == 0:
        update, install = log.read_text(encoding="utf-8").splitlines()
        assert update.endswith(" update")
        assert install.endswith(" install -y --no-install-recommends chromium fonts-noto-cjk")
        assert (done.returncode, done.stderr) == (0, "Installing chromium fonts-noto-cjk … 正在安装……\n")
    else:
        assert not log.exists()
        assert done.returncode == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs apt-get")
def test_failing_apt_get_is_quoted(tmp_path: Path, add_tool: AddTool) -> None:
    add_tool("apt-get", "echo E: no such package; exit 100")
    done = run_toolchain(tmp_path, "test", CI="true")
    assert done.returncode == 2
    assert "E: no such package" in done.stderr


@pytest.mark.parametrize("arguments", [[], ["unknown"], ["build", "test"]])
def test_wrong_arguments_are_a_usage_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert toolchain.main(arguments) == 2
    assert capsys.readouterr().err == "usage: toolchain.py build|test\n"


def run_make(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(ROOT / "Makefile", tmp_path)
    return subprocess.run(
        ["make", *arguments],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_make_alone_lists_every_target(tmp_path: Path) -> None:
    done = run_make(tmp_path)
    listed = {line.split()[1] for line in done.stdout.splitlines()}
    assert {"setup", "setup-dev", "site", "serve", "test", "check", "snapshots", "lock", "clean"} <= listed
    assert done.returncode == 0


def test_make_names_a_python_that_does_not_run(tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "runtime.txt").touch()
    done = run_make(tmp_path, "setup", "PYTHON=no-such-python")
    assert done.returncode == 2
    assert "No Python 3 runs as 'no-such-python'" in done.stderr
    assert "请安装 Python 3.11" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_make_empties_no_linked_environment(tmp_path: Path) -> None:
    """A `.venv` that is a link to another checkout's is named, and what it leads to stays."""
    for name in ("requirements", "build_scripts"):
        (tmp_path / name).mkdir()
    shutil.copy(TOOLCHAIN, tmp_path / "build_scripts")
    (tmp_path / "requirements" / "runtime.txt").touch()
    other = tmp_path / "other"
    other.mkdir()
    (other / "kept").touch()
    (tmp_path / ".venv").symlink_to(other)
    done = run_make(tmp_path, "setup", f"PYTHON={sys.executable}")
    assert done.returncode == 2
    assert ".venv is a symbolic link" in done.stderr
    assert ".venv 是符号链接" in done.stderr
    assert [path.name for path in other.iterdir()] == ["kept"]
