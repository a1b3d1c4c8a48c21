"""The program ``nnspec``, and ``python -m nnspec``: nothing is imported before the current folder is off the path."""

import sys

from nnspec.reach import isolation

sys.path[:] = isolation.safe_path()

from nnspec.cli.main import main  # noqa: E402 (its imports need the safe path)

if __name__ == "__main__":
    main()
