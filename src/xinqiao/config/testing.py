"""What every test stands on: a data directory and keys of its own, and the database that the environment names.

Loaded by pytest (-p) before Django reads its settings.
"""

import os
import tempfile
from pathlib import Path

_home = Path(tempfile.mkdtemp(prefix="xinqiao-test-"))
os.environ["XINQIAO_HOME"] = str(_home)
os.environ.pop("XINQIAO_KEYS", None)
os.environ["XINQIAO_DEMO"] = "0"
if os.environ.get("XINQIAO_TEST_DATABASE"):
    os.environ["XINQIAO_DATABASE"] = os.environ["XINQIAO_TEST_DATABASE"]
else:
    os.environ.pop("XINQIAO_DATABASE", None)

from xinqiao.foundation.keys.ring import SECRET_NAMES, Ring, write_ring  # noqa: E402 - after the environment

write_ring(
    Ring(
        current="m1",
        masters={"m1": bytes(range(32))},
        secrets={name: (name.encode() * 32)[:32] for name in SECRET_NAMES},
    ),
    _home / "keys" / "ring.json",
)

os.environ["DJANGO_SETTINGS_MODULE"] = "xinqiao.config.testing_settings"
