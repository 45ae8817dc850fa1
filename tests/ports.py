"""Ports that tests listen on."""

import itertools
import os
import socket

#: Below the range that outgoing connections take theirs from: a process that is started again needs the same port each
#: time, and from that range it could be taken away between two lives.
_FIRST, _COUNT = 20_000, 12_000
#: Processes that choose at the same time begin far from each other.
_numbers = itertools.count(os.getpid() * 1_501)


def free_port() -> int:
    """Return a port nobody listens on, and never one twice."""
    for number in itertools.islice(_numbers, _COUNT):
        port = _FIRST + number % _COUNT
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no free port")
