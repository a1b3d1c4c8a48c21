"""Ends at the first call as other languages do without memory: writes the words of its argument on stderr."""

import os
import signal
import sys

from talk import introduce, receive

introduce()
receive()
sys.stderr.write(sys.argv[1])
sys.stderr.flush()
if sys.argv[1:] == [""]:
    os.kill(os.getpid(), signal.SIGKILL)
sys.exit(1)
