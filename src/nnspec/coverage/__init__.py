"""The documents statement by statement, with the clauses that cover each: the content of docs/coverage.md.

In: nothing.
Out: the sections of each document, its statements in our words, its errata, and ids of clauses.
May use: no other room.
"""

from __future__ import annotations

from nnspec.coverage import cs231n, roelants, wildml
from nnspec.coverage.errata import ERRATA
from nnspec.coverage.statements import Section

__all__ = ["ERRATA", "READ", "SECTIONS"]

#: The sections of each document, in its order.
SECTIONS: dict[str, tuple[Section, ...]] = {
    "cs231n": cs231n.SECTIONS,
    "wildml": wildml.SECTIONS,
    "roelants": roelants.SECTIONS,
}

#: Which text of each document was read.
READ = {"cs231n": cs231n.READ, "wildml": wildml.READ, "roelants": roelants.READ}
