"""A process that stands in an installation of its own and runs commands there, one line of JSON each way.

It spares every command of a rehearsal its own start; run it as a module.
"""

import io
import json
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import django


def run(words: list[str], code: str, told: str) -> dict[str, Any]:
    """Run one command or some code; return its exit code and what it said."""
    from django.core.management import CommandError, call_command

    out, err, kept = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = io.StringIO(told)
    returncode = 0
    try:
        with redirect_stdout(out), redirect_stderr(err):
            exec(code, {}) if code else call_command(*words)
    except CommandError as error:
        returncode = error.returncode
        err.write(str(error))
    except SystemExit as error:
        returncode = int(error.code or 0)
    except Exception:  # noqa: BLE001 - told to the test, which judges
        returncode = 1
        err.write(traceback.format_exc())
    finally:
        sys.stdin = kept
    return {"returncode": returncode, "stdout": out.getvalue(), "stderr": err.getvalue()}


if __name__ == "__main__":
    django.setup()
    for line in sys.stdin:
        answer = run(**json.loads(line))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
