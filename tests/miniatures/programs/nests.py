"""Answers with lists nested a hundred thousand deep."""

from talk import introduce, receive, write

introduce()
while True:
    write(f'{{"jsonrpc":"2.0","id":{receive()["id"]},"result":{"[" * 100_000}{"]" * 100_000}}}\n')
