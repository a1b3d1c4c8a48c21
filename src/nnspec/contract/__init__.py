"""What an implementation offers: its operations and their shapes, the messages, and the errors.

In: arguments and answers as they are sent.
Out: arguments and answers as arrays, or an error that says what is wrong with their form.
May use: no other room.
"""
