"""A build of the index whose process is killed in the midst of it, and the process that takes it up."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db.models.functions import Now

from apps.accounts.models import OrganisationKind
from apps.engine.index.opening import open_index
from apps.matching.index import storage
from apps.matching.models import GenerationState, IndexGeneration
from tests.factories import make_capability, make_need, make_organisation
from tests.matching.index.conftest import keep_index_in
from tests.matching.processes.conftest import PATIENCE_SECONDS

pytestmark = pytest.mark.processes
CAPABILITIES = 5
# Builds, and stops for ever where the files are complete and nobody has been told of them.
BUILDER = """
import time, django
django.setup()
from apps.matching.index import building, storage
publish = storage.publish
def publish_and_wait(*given):
    publish(*given)
    print("published", flush=True)
    time.sleep(10_000)
storage.publish = publish_and_wait
building.build(by_hand=True)
"""


@pytest.fixture
def own_environment(environment: dict[str, str], settings: LazySettings, tmp_path: Path) -> dict[str, str]:
    """Files of this test's own, here and in the processes it starts."""
    settings.VAR_DIR = tmp_path
    keep_index_in(settings, "django.core.files.storage.FileSystemStorage", tmp_path / "index")
    own = {"MATCHSVC_VAR": str(tmp_path), "MATCHING_ENCODER": "off", "DJANGO_SETTINGS_MODULE": "matchsvc.settings"}
    return {**os.environ, **environment, **own}


def test_a_build_whose_process_is_killed_is_carried_out_by_another(
    site: None, own_environment: dict[str, str], tmp_path: Path
) -> None:
    university = make_organisation("测试大学", OrganisationKind.UNIVERSITY)
    for number in range(CAPABILITIES):
        make_capability(organisation=university, title=f"激光熔覆耐磨涂层 {number}")
    make_need()

    first = subprocess.Popen([sys.executable, "-c", BUILDER], env=own_environment, stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    assert first.stdout.readline() == "published\n"
    assert (second_try := command(own_environment)).returncode == 1
    assert "另一个进程正在构建索引" in second_try.stderr
    first.send_signal(signal.SIGKILL)
    first.wait(PATIENCE_SECONDS)
    assert IndexGeneration.objects.get().state == GenerationState.BUILDING
    (half_done,) = (tmp_path / "index").iterdir()

    IndexGeneration.objects.update(lease_until=Now() - timedelta(seconds=1))  # as if its two minutes were over
    second = command(own_environment)
    assert second.returncode == 0, second.stderr
    generation = IndexGeneration.objects.get()
    assert (generation.state, generation.attempt) == (GenerationState.PUBLISHED, 2)
    assert len(open_index(storage.obtain(generation)).capabilities.columns["id"]) == CAPABILITIES
    assert not half_done.exists()
    assert list((tmp_path / "index-building").iterdir()) == []


def command(environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    argv = [sys.executable, "manage.py", "build_index"]
    return subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
