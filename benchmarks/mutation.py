"""Mutate the reference line by line (cosmic-ray), check every mutant with nnspec, and write docs/mutation.md.

pip install '.[mutation]' && python benchmarks/mutation.py

The mutants are made in a copy of reference/ and checked like any program: first by the tests of ``--quick`` up to
the first failure, and if they pass, by all of ``nnspec check``. The unchanged reference is the judge. A mutant that
survives both must have a reason in benchmarks/mutation_survivors.json, by file, line and mutated line as regular
expressions: otherwise it is a hole in the specification, and this ends with exit status 1.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SURVIVORS = Path(__file__).with_name("mutation_survivors.json")
DOCUMENT = ROOT / "docs" / "mutation.md"
#: Files of the reference that are mutated in parallel.
LANES = [["data.py", "functions.py"], ["losses.py", "gradients.py", "updates.py"], ["training.py"]]
MUTANT = "mutant:Reference"
TOOL = str(Path(sys.executable).parent / "cosmic-ray")
#: Seconds that the tests of one mutant may take; on an idle machine the reference needs less than 20 for the whole
#: specification.
TIMEOUT = 300.0
#: Without bytecode files, since a mutant written in the same second would be taken for the last one; and without
#: plugins other than nnspec's, which is named.
ENVIRONMENT = {
    **os.environ,
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


def configuration(files: list[str], python: str) -> str:
    """The configuration of cosmic-ray."""
    alone = "-p nnspec.suite.pytest_plugin -p no:cacheprovider --noconftest -c /dev/null -q -x --tb=no"
    target = f"--nnspec-in-process --nnspec-quick --nnspec-strict --nnspec-implementation={MUTANT}"
    quick = f"{python} -m pytest {alone} --pyargs nnspec.spec_tests {target}"
    whole = f"{python} -m nnspec check {MUTANT} --strict --call-timeout 60"
    modules = ", ".join(f'"mutant/{name}"' for name in files)
    return f"""[cosmic-ray]
module-path = [{modules}]
timeout = {TIMEOUT}
excluded-modules = []
test-command = "sh -c '{quick} && {whole}'"

[cosmic-ray.distributor]
name = "local"
"""


def prepare(folder: Path, files: list[str]) -> None:
    """A copy of the reference, and a session of all mutants of these files."""
    shutil.copytree(ROOT / "reference", folder / "mutant", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "mutation.toml").write_text(configuration(files, sys.executable), encoding="utf-8")
    subprocess.run([TOOL, "init", "mutation.toml", "session.sqlite"], cwd=folder, check=True)


def judge_unchanged(folder: Path) -> None:
    """Exit unless the unchanged copy passes: otherwise the failure of a mutant would prove nothing."""
    baseline = subprocess.run([TOOL, "baseline", "mutation.toml"], cwd=folder, env=ENVIRONMENT, check=False)
    if baseline.returncode:
        sys.exit("the reference itself fails these tests, so they prove nothing about its mutants")


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Judge the mutants of a session, in the background."""
    return subprocess.Popen([TOOL, "exec", "mutation.toml", "session.sqlite"], cwd=folder, env=ENVIRONMENT)


def results(folder: Path) -> list[dict[str, Any]]:
    """Every mutant: its file, the line before and after, and whether a test failed."""
    dump = subprocess.run(
        [TOOL, "dump", "session.sqlite"], cwd=folder, check=True, capture_output=True, text=True
    )
    return [_result(*json.loads(line)) for line in dump.stdout.splitlines()]


def _result(work: dict[str, Any], result: dict[str, Any] | None) -> dict[str, Any]:
    (mutation,) = work["mutations"]
    changed = [
        line
        for line in ((result or {}).get("diff") or "").splitlines()
        if not line.startswith(("---", "+++"))
    ]
    return {
        "file": Path(mutation["module_path"]).name,
        "before": "".join(line[1:].strip() for line in changed if line.startswith("-")),
        "after": "".join(line[1:].strip() for line in changed if line.startswith("+")),
        "outcome": result["test_outcome"] if result else "not run",
    }


def reason(mutant: dict[str, Any]) -> str:
    """Why a mutant is not a mistake; empty if there is no reason."""
    for entry in json.loads(SURVIVORS.read_text(encoding="utf-8")):
        if (
            re.fullmatch(entry["file"], mutant["file"])
            and re.fullmatch(entry["before"], mutant["before"])
            and re.fullmatch(entry["after"], mutant["after"])
        ):
            return str(entry["reason"])
    return ""


def document(mutants: list[dict[str, Any]], survivors: list[dict[str, str]]) -> str:
    """The page, from all mutants and the survivors with their reasons."""
    counts = Counter(mutant["outcome"] for mutant in mutants)
    cells = [
        (one["file"], f"`{one['before']}`", f"`{one['after']}`", one["reason"])
        for one in sorted(survivors, key=lambda one: (one["file"], one["before"], one["after"]))
    ]
    rows = "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in cells)
    return f"""# Mutants of the reference

Made by `python benchmarks/mutation.py` (cosmic-ray): every operator, comparison, number and condition of `reference/`
is changed in every way that the tool knows, one at a time. The changed program is checked like any other: by the tests
of `nnspec check --quick`, and if they find nothing, by all of `nnspec check`.

{len(mutants)} mutants: {counts["killed"]} refused, {len(survivors)} not refused. Those compute the same numbers as the
reference, for the reasons in the table.

| file | line | mutant | why it is no mistake |
| --- | --- | --- | --- |
{rows}"""


def main() -> None:
    """Mutate, check, and compare the survivors with the known ones."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--folder", type=Path, help="the folder for sessions; a session that it holds is not run again"
    )
    folder = parser.parse_args().folder or Path(tempfile.mkdtemp(prefix="nnspec-mutation-"))
    lanes = [folder / str(number) for number in range(len(LANES))]
    fresh = [lane for lane in zip(lanes, LANES, strict=True) if not (lane[0] / "session.sqlite").exists()]
    for lane, files in fresh:
        prepare(lane, files)
    if fresh:
        judge_unchanged(lanes[0])
    running = [start(lane) for lane, _ in fresh]
    for process in running:
        if process.wait():
            sys.exit("cosmic-ray failed")
    mutants = [mutant for lane in lanes for mutant in results(lane)]
    survivors = [mutant for mutant in mutants if mutant["outcome"] != "killed"]
    for mutant in survivors:
        mutant["reason"] = reason(mutant)
        if not mutant["reason"]:
            print(json.dumps(mutant, ensure_ascii=False))
    DOCUMENT.write_text(document(mutants, survivors), encoding="utf-8")
    sys.exit(1 if not all(mutant["reason"] for mutant in survivors) else 0)


if __name__ == "__main__":
    main()
