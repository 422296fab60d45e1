"""What processes really occupy: the proportional set size, in which a page that several map counts to each in part."""

from pathlib import Path

PROC = Path("/proc")


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    children = [
        int(child)
        for task in (PROC / str(pid) / "task").iterdir()
        for child in (task / "children").read_text(encoding="ascii").split()
    ]
    return [pid, *(below for child in children for below in tree(child))]


def pss_bytes(pid: int) -> int:
    """Pss of /proc/PID/smaps_rollup (Linux, Documentation/filesystems/proc.rst), files mapped included."""
    for line in (PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise ValueError(f"Process {pid} tells no Pss.")


def maps_files_below(pid: int, folder: Path) -> bool:
    """Whether the process has a file of the folder mapped."""
    return f" {folder.resolve()}/" in (PROC / str(pid) / "maps").read_text(encoding="utf-8", errors="replace")
