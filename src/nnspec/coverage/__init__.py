"""The documents statement by statement, and the clauses that hold each: what docs/coverage.md is made from."""
