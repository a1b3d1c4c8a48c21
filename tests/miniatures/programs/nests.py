"""Answers with a list in a list in a list, a hundred thousand deep."""

from talk import hear, introduce, write

introduce()
while True:
    write(f'{{"jsonrpc":"2.0","id":{hear()["id"]},"result":{"[" * 100_000}{"]" * 100_000}}}\n')
