"""Running a command as a person does: arguments in, exit code and what it said out."""

from io import StringIO
from typing import NamedTuple

from django.core.management import call_command


class Done(NamedTuple):
    code: int
    out: str
    err: str


def run(command: str, *arguments: object) -> Done:
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command(command, *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as end:
        code = int(end.code or 0)
    return Done(code, out.getvalue(), err.getvalue())
