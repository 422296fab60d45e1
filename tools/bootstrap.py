"""Prepare .venv from the lock files with nothing but the standard library: `python3 tools/bootstrap.py [--dev]`.

It runs under any Python from 3.6 on (hence the old-fashioned syntax), because the `python3` of a machine is often
older than the one the project needs. Steps: find an interpreter by running each candidate, make .venv with it,
install the lock with hashes (uv, kept in .tools/, else pip), byte-compile, and stamp .venv with the hashes of the
locks, so that the next run has nothing to do.
"""

import glob
import hashlib
import json
import os
import pwd
import shutil
import subprocess
import sys
from typing import Dict, List, Optional, Tuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
TOOLS = os.path.join(ROOT, ".tools")
UV = os.path.join(TOOLS, "bin", "uv")
UV_LOCK = os.path.join(ROOT, "tools", "requirements-uv.txt")
STAMP = os.path.join(VENV, "locks.json")

MINIMUM = (3, 12)
# Tried first to last; a newer Python than these may lack wheels of the locked releases.
PREFERRED = [(3, 13), (3, 14), (3, 12)]
FETCHED_BY_UV = "3.13"
# What a candidate must bring: a pyenv build without these headers, or an old SQLite, fails much later otherwise.
PROBE = """
import ctypes, json, platform, sqlite3, ssl, sys, zlib
usable = platform.python_implementation() == "CPython" and sqlite3.sqlite_version_info >= (3, 37)
print(json.dumps([usable, sys.version_info[0], sys.version_info[1]]))
"""
MISSING_PYTHON = (
    "缺少 Python 3.12 或更高版本：本机没有找到，uv 也没能下载，请先安装（例如 apt install python3.12，"
    "或 pyenv install 3.13）后重试。/ Python 3.12 or newer is missing: none was found on this machine and uv could "
    "not fetch one; install it (for example apt install python3.12, or pyenv install 3.13) and try again."
)


MISSING_VENV = (
    "无法创建 .venv：缺少 venv 模块（Debian 上请安装 python3-venv）。/ "
    ".venv could not be made: the venv module is missing (on Debian install python3-venv)."
)
MISSING_PACKAGES = (
    "依赖没有装好：请检查网络或镜像设置后重试，原因见上。/ "
    "The dependencies could not be installed: check the network or the mirror, the reason is above."
)


class CommandError(Exception):
    """The command and what it printed."""


class SetUpError(Exception):
    """What is missing, in one sentence for the person at the keyboard; `details` is a command's own output."""

    def __init__(self, sentence: str, details: str = "") -> None:
        super().__init__(sentence)
        self.details = details


def say(text: str) -> None:
    """Print UTF-8 whatever the locale: an old Python under LANG=C cannot print Chinese."""
    sys.stdout.flush()
    os.write(1, (text + "\n").encode("utf-8"))


def homes() -> List[str]:
    """The home of the environment and the one of the account: HOME may point elsewhere or be unset."""
    account = pwd.getpwuid(os.getuid()).pw_dir
    return list(dict.fromkeys([os.environ.get("HOME") or account, account]))


def candidate_paths() -> List[str]:
    """Every place where an interpreter may be, whether or not it works."""
    names = ["python%d.%d" % version for version in PREFERRED] + ["python3"]
    folders = [*os.environ.get("PATH", "").split(os.pathsep), "/usr/local/bin", "/usr/bin", "/opt/homebrew/bin"]
    patterns = ["/opt/*/bin/python3", "/opt/python/*/bin/python3"]
    pyenv_roots = [os.environ.get("PYENV_ROOT", "")]
    for home in homes():
        folders.append(os.path.join(home, ".local", "bin"))
        patterns.append(os.path.join(home, ".local", "share", "uv", "python", "*", "bin", "python3"))
        pyenv_roots.append(os.path.join(home, ".pyenv"))
    patterns += [os.path.join(root, "versions", "*", "bin", "python3") for root in pyenv_roots if root]
    paths = [os.path.join(folder, name) for folder in folders if folder for name in names]
    paths += [path for pattern in patterns for path in sorted(glob.glob(pattern))]
    return list(dict.fromkeys(path for path in paths if os.access(path, os.X_OK)))


def probe(path: str) -> Optional[Tuple[int, int]]:
    """The version of a usable interpreter, None for a broken shim, another Python or a build lacking SQLite or TLS."""
    try:
        done = subprocess.run([path, "-I", "-c", PROBE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=20)
        usable, major, minor = json.loads(done.stdout.decode())
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return (major, minor) if usable and done.returncode == 0 else None


def preference(version: Tuple[int, int]) -> int:
    return PREFERRED.index(version) if version in PREFERRED else len(PREFERRED)


def find_interpreter() -> Optional[str]:
    """The path of the best interpreter of at least MINIMUM; ends early when the first choice turns up."""
    best: Optional[Tuple[int, str]] = None
    for path in candidate_paths():
        version = probe(path)
        if version is None or version < MINIMUM:
            continue
        if best is None or preference(version) < best[0]:
            best = (preference(version), path)
        if best[0] == 0:
            break
    return best[1] if best else None


def run(*command: str) -> None:
    """Run a command quietly. Raises CommandError with its output."""
    # Certificates of the machine, as pip uses them: behind a city's proxy the bundled ones are not enough.
    environment = dict(os.environ, UV_SYSTEM_CERTS="1", UV_NO_PROGRESS="1", PIP_DISABLE_PIP_VERSION_CHECK="1")
    environment.pop("VIRTUAL_ENV", None)
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError as error:
        raise CommandError("%s: %s" % (command[0], error))
    if done.returncode != 0:
        raise CommandError("$ %s\n%s" % (" ".join(command), done.stdout.decode("utf-8", "replace").rstrip()))


def ensure_uv(interpreter: Optional[str]) -> Optional[str]:
    """The path of uv, installed into .tools/ when absent; None where that fails, and pip must do."""
    if os.access(UV, os.X_OK):
        return UV
    say("安装 uv 到 .tools/ … / Installing uv into .tools/ …")
    shutil.rmtree(TOOLS, ignore_errors=True)
    try:
        run(interpreter or sys.executable, "-m", "venv", TOOLS)
        run(os.path.join(TOOLS, "bin", "python"), "-m", "pip", "install", "-q", "--require-hashes", "-r", UV_LOCK)
    except CommandError:
        shutil.rmtree(TOOLS, ignore_errors=True)
        return shutil.which("uv")
    return UV


def make_venv() -> Optional[str]:
    """Make .venv unless a working one is there. Returns uv, or None where the environment's own pip must install."""
    present = probe(VENV_PYTHON)
    if present and present >= MINIMUM:
        return ensure_uv(VENV_PYTHON)
    interpreter = find_interpreter()
    uv = ensure_uv(interpreter)
    say("创建 .venv … / Creating .venv …")
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        if uv:
            run(uv, "venv", "-q", "--no-project", "--python", interpreter or FETCHED_BY_UV, VENV)
        elif interpreter:
            run(interpreter, "-m", "venv", VENV)
        else:
            raise SetUpError(MISSING_PYTHON)
    except CommandError as failure:
        raise SetUpError(MISSING_VENV, str(failure)) if interpreter else SetUpError(MISSING_PYTHON)
    return uv


def install(uv: Optional[str], lock: str) -> None:
    """Install one lock file, refusing what its hashes do not name; byte code too (jieba starts 2 s sooner)."""
    say("安装 %s … / Installing %s …" % (lock, lock))
    what = ["--require-hashes", "-r", os.path.join(ROOT, lock)]
    try:
        if uv:
            run(uv, "pip", "install", "-q", "--python", VENV_PYTHON, "--compile-bytecode", *what)
        else:
            run(VENV_PYTHON, "-m", "pip", "install", "-q", *what)
    except CommandError as failure:
        raise SetUpError(MISSING_PACKAGES, str(failure))


def hashes_of(locks: List[str]) -> Dict[str, str]:
    found = {}
    for lock in locks:
        with open(os.path.join(ROOT, lock), "rb") as file:
            found[lock] = hashlib.sha256(file.read()).hexdigest()
    return found


def stamped() -> Dict[str, str]:
    """The hashes of the locks that .venv was made from; empty when there is none, or it was not finished."""
    try:
        with open(STAMP) as file:
            return dict(json.load(file))
    except (OSError, ValueError):
        return {}


def is_ready(wanted: Dict[str, str]) -> bool:
    present = stamped()
    return all(present.get(lock) == digest for lock, digest in wanted.items()) and probe(VENV_PYTHON) is not None


def set_up(*, for_development: bool) -> None:
    """Bring .venv to the state of the locks; does nothing when it is there already.

    Raises SetUpError with the sentence for the user.
    """
    # The development lock holds everything that requirements.txt does, at the same versions.
    locks = ["requirements.txt"] + (["requirements-dev.txt"] if for_development else [])
    wanted = hashes_of(locks)
    if is_ready(wanted):
        return
    uv = make_venv()
    if os.path.exists(STAMP):
        os.unlink(STAMP)
    install(uv, locks[-1])
    with open(STAMP, "w") as file:
        json.dump(wanted, file, indent=1)
    say("环境已就绪。/ The environment is ready: .venv")


if __name__ == "__main__":
    try:
        set_up(for_development="--dev" in sys.argv[1:])
    except SetUpError as problem:
        if problem.details:
            say(problem.details)
        say(str(problem))
        sys.exit(1)
