"""The executable specification: a file a chapter, each clause at the head of its tests."""
