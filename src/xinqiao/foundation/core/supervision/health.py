"""Does it answer yet?"""

import http.client
import socket
import ssl
from pathlib import Path

ANSWER_SECONDS = 3.0
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - compared with, not bound to


def answers(host: str, port: int, path: str, *, authority: Path | None = None) -> int:
    """Return the HTTP status of a GET, 0 if nothing answers. `authority` is the certificate to trust, for HTTPS."""
    at = EVERYWHERE.get(host, host)
    try:
        if authority is None:
            link = http.client.HTTPConnection(at, port, timeout=ANSWER_SECONDS)
        else:
            trust = ssl.create_default_context(cafile=str(authority))
            link = http.client.HTTPSConnection(at, port, timeout=ANSWER_SECONDS, context=trust)
        link.request("GET", path, headers={"Host": f"localhost:{port}"})
        status = link.getresponse().status
        link.close()
    except (OSError, http.client.HTTPException):
        return 0
    return status


def free_port() -> int:
    """Return a loopback port that is free now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def is_port_free(host: str, port: int) -> bool:
    """Could we listen there?"""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            return False
    return True
