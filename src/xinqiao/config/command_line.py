"""`xinqiao …`: Django's management commands under our name."""

import os
import sys


def main() -> None:
    """Run a command; `xinqiao --help` lists them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinqiao.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["xinqiao", *sys.argv[1:]])


if __name__ == "__main__":
    main()
