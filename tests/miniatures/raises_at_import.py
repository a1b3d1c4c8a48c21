"""Cannot be imported."""

raise OSError("no such network")
