"""How to call an implementation: a Python object, its worker process, or a command in any language.

In: the options that name an implementation.
Out: a transport that calls its operations, within limits of time and memory.
May use: contract.
"""
