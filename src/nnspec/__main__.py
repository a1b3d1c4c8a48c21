"""``python -m nnspec`` is ``nnspec``."""

from nnspec.cli.main import main

if __name__ == "__main__":
    main()
