"""The command line as a person meets it."""

import django.core.management
import pytest

import manage


def test_who_interrupts_a_command_reads_one_line_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_arguments: list[str]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(django.core.management, "execute_from_command_line", interrupted)
    with pytest.raises(SystemExit) as left:
        manage.main()
    assert left.value.code == 130
    assert capsys.readouterr().err.strip() == "已中断。/ Interrupted."
