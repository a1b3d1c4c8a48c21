"""The specification for people to read: as Markdown, as a page of HTML, as JSON, and in a terminal."""
