"""Is a script that ends as if all were well."""

import sys

sys.exit(0)
