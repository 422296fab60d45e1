#!/usr/bin/env python
"""Command line of the project: `manage.py help` lists what it can do."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matchsvc.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.stderr.write("\n已中断。/ Interrupted.\n")  # no traceback for somebody who has changed their mind
        sys.exit(130)  # what a shell expects after SIGINT


if __name__ == "__main__":
    main()
