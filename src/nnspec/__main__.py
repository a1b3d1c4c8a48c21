"""The program ``nnspec``, and ``python -m nnspec``: nothing is imported before the current folder is off the path."""

import sys

from nnspec.reach import isolation

sys.path[:] = isolation.safe_path()

try:
    from nnspec.cli.main import main
except KeyboardInterrupt:
    sys.exit(130)

if __name__ == "__main__":
    main()
