"""Answers describe with the error that nnspec's own worker sends for a TARGET that does not exist."""

from talk import receive, send

send({"id": receive()["id"], "error": {"code": -32001, "message": "no such option"}})
