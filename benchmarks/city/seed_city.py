"""Making the city of 2022 in the configured database, which must be migrated and empty: seconds, and memory at most.

DATABASE_URL=... .venv/bin/python -m benchmarks.city.seed_city [SCALE]
"""

import os
import resource
import sys
import time

import django

from benchmarks.figure import Figure

MOST_SECONDS, MOST_BYTES = 600.0, 4 * 1024**3


def main(scale: float) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matchsvc.settings")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415  (models need the settings)
    from django.db import connection  # noqa: PLC0415  (models need the settings)

    from apps.stats.seed_city.building import build_city  # noqa: PLC0415  (models need the settings)

    call_command("load_taxonomy", verbosity=0)
    began, worked = time.perf_counter(), time.process_time()
    build_city(seed=2022, scale=scale)
    seconds, own_seconds = time.perf_counter() - began, time.process_time() - worked
    most_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    common = {"scale": scale, "own_processor_seconds": own_seconds, "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    names = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
    database, companies = connection.vendor, round(70_000 * scale)
    Figure(
        figure=f"seed_city_{database}",
        title=f"生成 2022 年的城市（{names[database]}）",
        size=companies,
        ours=seconds,
        unit="s",
        must=MOST_SECONDS,
        extras=common,
    ).report()
    Figure(
        figure=f"seed_city_memory_{database}",
        title=f"生成 2022 年的城市时的内存（{names[database]}）",
        size=companies,
        ours=float(most_bytes) / 1024**2,
        unit="MiB",
        must=MOST_BYTES / 1024**2,
        extras=common,
    ).report()


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
