"""The README: its links work from a package index too, and its commands are those that CI runs."""

from __future__ import annotations

import re
from importlib.metadata import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
URLS = dict(url.split(", ") for url in metadata("nnspec").get_all("Project-URL"))
LINKS = dict(re.findall(r"^\[(\w+)\]: (\S+)$", README, flags=re.MULTILINE))
USED = set(re.findall(r"\]\[(\w+)\]", README))


def test_every_link_is_defined_and_used():
    assert set(LINKS) == USED
    assert re.findall(r"\]\((?!#)[^)]*\)", README) == [], "a link that only works in a checkout"


@pytest.mark.parametrize(
    "url", [*LINKS.values(), URLS["Specification"], URLS["Documentation"], URLS["Changelog"]]
)
def test_a_link_leads_to_a_file_of_the_repository(url):
    place, _, heading = url.removeprefix(f"{URLS['Source']}/blob/main/").partition("#")

    page = (ROOT / place).read_text(encoding="utf-8")

    assert not heading or heading in {
        line.lstrip("# ").lower().replace(" ", "-") for line in page.splitlines() if line.startswith("#")
    }
