"""What is read off a ``fit``: how many updates it makes, on which data, and what it begins with."""
