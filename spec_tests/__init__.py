"""The executable specification: a file or two a chapter, each clause at the head of its tests."""
