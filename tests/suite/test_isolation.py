"""What lies beside an implementation, whatever its name, is imported by the implementation's process alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import nnspec
from miniatures import FOLDER

from nnspec.reach import isolation, targets

CASE = "gradients.penalty:where_it_outweighs_the_data[3-4-mean]"
SCRIPTS = Path(sys.executable).parent
#: What Python, pytest and rich look for at their start, or import if it is there, and every module of Python's own.
NAMES = sorted(
    {
        *("click", "numpy", "pytest", "_pytest", "pluggy", "rich", "pygments", "nnspec", "attr", "colorama"),
        *("argcomplete", "exceptiongroup", "hypothesis", "IPython", "scipy"),
        *("conftest", "sitecustomize", "usercustomize", *sys.stdlib_module_names),
    }
)
RIGHT = "from nnspec.reference import Reference\n\ngradients = Reference().gradients\n"
WRONG = "def gradients(network, inputs, labels, objective):\n    raise IndexError\n"
EXITS, HARMLESS = "import os\nos._exit(0)\n", "VALUE = 1\n"


def folder_with(tmp_path, adapter, content, names=NAMES):
    """A folder with an implementation, mine.py, and files of these names beside it."""
    for name in names:
        (tmp_path / f"{name}.py").write_text(content, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", encoding="utf-8")
    (tmp_path / "mine.py").write_text(adapter, encoding="utf-8")
    return tmp_path


def script(name, *words, folder, **environment):
    """A program beside Python, called in a folder."""
    return nnspec(*words, command=[str(SCRIPTS / name)], cwd=folder, environment=environment)


@pytest.mark.parametrize("wanted", ["mine.py", "mine", "./mine.py:gradients"])
def test_a_wrong_program_is_refused_whatever_lies_beside_it(tmp_path, wanted):
    run = script("nnspec", "check", wanted, "--select", CASE, folder=folder_with(tmp_path, WRONG, EXITS))

    assert run.returncode in (1, 3), run
    assert run.stdout.rstrip().splitlines()[-1].startswith(("DOES NOT CONFORM", "INCONCLUSIVE"))


@pytest.mark.parametrize("wanted", ["mine.py", "mine"])
def test_a_right_program_conforms_whatever_harmless_lies_beside_it(tmp_path, wanted):
    run = script("nnspec", "check", wanted, "--select", CASE, folder=folder_with(tmp_path, RIGHT, HARMLESS))

    assert run.returncode == 0, run
    assert "CONFORMS  1 passed  (mine" in run.stdout


@pytest.mark.parametrize(("adapter", "status"), [(RIGHT, 0), (WRONG, 1)], ids=["right", "wrong"])
@pytest.mark.parametrize("name", ["json", "random", "numpy", "rich", "pytest", "operator", "nnspec"])
def test_an_implementation_may_have_any_name(tmp_path, name, adapter, status):
    (tmp_path / f"{name}.py").write_text(adapter, encoding="utf-8")

    run = script("nnspec", "check", f"{name}.py", "--select", CASE, folder=tmp_path)

    assert run.returncode == status, run


def test_a_module_may_have_the_name_of_one_that_nnspec_imports(tmp_path):
    (tmp_path / "random.py").write_text(RIGHT, encoding="utf-8")

    assert script("nnspec", "check", "random", "--select", CASE, folder=tmp_path).returncode == 0


def test_a_command_is_judged_whatever_lies_in_the_current_folder(tmp_path):
    words = ["--select", CASE, "--", sys.executable, "-I", "-m", "nnspec.reach.worker", "reference"]

    run = script("nnspec", "check", *words, folder=folder_with(tmp_path, WRONG, EXITS))

    assert run.returncode == 0, run
    assert "CONFORMS  1 passed" in run.stdout


def test_pytest_itself_refuses_a_wrong_program_whatever_lies_beside_it(tmp_path):
    folder = folder_with(tmp_path, WRONG, EXITS, [name for name in NAMES if name != "conftest"])
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")

    words = ["--pyargs", "nnspec.spec_tests", "--nnspec-implementation", "mine.py", "--nnspec-select", CASE]
    run = script("pytest", *words, folder=folder)

    assert run.returncode == 1, run
    assert "DOES NOT CONFORM" in run.stdout


@pytest.mark.parametrize("content", [EXITS, HARMLESS], ids=["exits", "harmless"])
def test_a_folder_on_pythonpath_is_the_implementations_alone(tmp_path, content):
    names = ["click", "rich", "numpy", "pytest", "json", "random", "attr", "argcomplete"]
    folder_with(tmp_path, RIGHT, content, names)

    runs = [
        script("nnspec", "check", "mine.py", "--select", CASE, folder=tmp_path, PYTHONPATH=path)
        for path in (".", str(tmp_path))
    ]

    assert [run.returncode for run in runs] == [0, 0], runs


def test_an_implementation_imports_what_pythonpath_and_the_current_folder_have(tmp_path):
    for folder in ("library", "here/sub"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "library" / "far.py").write_text(RIGHT, encoding="utf-8")
    (tmp_path / "here" / "near.py").write_text("from far import gradients\n", encoding="utf-8")
    (tmp_path / "here" / "sub" / "mine.py").write_text("from near import gradients\n", encoding="utf-8")
    path = str(tmp_path / "library")

    for how in ((), ("--in-process",)):
        words = ("check", "sub/mine.py", *how, "--select", CASE)
        run = script("nnspec", *words, folder=tmp_path / "here", PYTHONPATH=path)
        assert run.returncode == 0, run


def test_python_m_nnspec_imports_nothing_from_the_current_folder_of_its_own_accord(tmp_path):
    folder_with(tmp_path, WRONG, EXITS, ["click", "rich", "numpy", "pytest", "json", "random"])

    run = nnspec("check", "mine.py", "--select", CASE, cwd=tmp_path)

    assert run.returncode == 1, run


def test_a_module_that_does_not_exist_is_found_out_by_its_process_alone(tmp_path):
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text(EXITS, encoding="utf-8")

    missing = script("nnspec", "check", "package.missing", "--select", CASE, folder=tmp_path)
    unknown = script("nnspec", "check", "refrence", "--select", CASE, folder=tmp_path)

    assert missing.returncode == 3, "the package is imported by the process, which it ends"
    assert unknown.returncode == 2
    assert "no implementation named 'refrence'. Did you mean 'reference'?" in unknown.stderr


def test_a_module_that_an_implementation_lacks_is_its_own_error(tmp_path):
    (tmp_path / "mine.py").write_text("import no_such_module\n", encoding="utf-8")

    run = script("nnspec", "check", "mine", "--select", CASE, folder=tmp_path)

    assert run.returncode == 3
    assert "ModuleNotFoundError: No module named 'no_such_module'" in run.stdout


def test_a_target_that_is_no_name_is_refused_without_a_process():
    with pytest.raises(targets.WrongUse, match="There is no implementation named 'no module'"):
        targets.check("no module")


def test_python_path_stays_where_it_alone_has_what_nnspec_needs(tmp_path, monkeypatch):
    (tmp_path / "needed.py").write_text("", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert str(tmp_path) not in isolation.safe_path()

    monkeypatch.setattr(isolation, "NEEDED", ("needed",))

    assert str(tmp_path) in isolation.safe_path()
    assert isolation.safe_path()[0] != str(tmp_path), "it comes last"


def test_the_current_folder_is_never_on_the_safe_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), f"{tmp_path}/../{tmp_path.name}", *sys.path])

    assert not [entry for entry in isolation.safe_path() if Path(entry).resolve() == tmp_path]


def test_the_processes_own_path_has_no_folder_of_the_implementation_at_first():
    code = "import sys; print(*sys.path, sep='\\n')"
    command = isolation.command("json.tool", isolation.worker_path(str(FOLDER)))

    assert "-I" in command
    assert str(FOLDER) not in command[command.index("-c") + 2].split(os.pathsep)
    assert subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=True).stdout
