"""How long the server takes for pages of the city, 95 of 100 times: statistics and lists, by Django's test client in
this process, beside a page of the same site that shows nothing but the person (the peer).

It asks the database that DATABASE_URL names, which `manage.py seed_city --proposals 1000000` has filled; it writes
nothing there but sessions.

    .venv/bin/python -m benchmarks.city.pages [ROUNDS]
"""

import json
import os
import statistics
import sys
from time import perf_counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matchsvc.settings")
django.setup()

from django.db import connection  # noqa: E402  (Django has to be set up first)
from django.test import Client  # noqa: E402  (as above)
from django.test.utils import CaptureQueriesContext  # noqa: E402  (as above)

from apps.accounts.models import PlatformRole, User  # noqa: E402  (as above)
from apps.matching.models import Proposal  # noqa: E402  (as above)
from benchmarks.figure import results_folder  # noqa: E402  (as above)

ROUNDS = 40
PEER = "/accounts/profile/"
A_YEAR = "since=2022-01-01&until=2022-12-31"
PAGES = (
    f"/stats/?{A_YEAR}",
    f"/stats/?{A_YEAR}&chain=chain_smart_equipment&district=district_chengyang",
    "/stats/?since=&until=",
    f"/stats/distribution/?{A_YEAR}",
    f"/stats/fit/?{A_YEAR}",
    f"/stats/proposals/?{A_YEAR}",
    "/stats/proposals/?since=&until=&page=500",
    "/stats/registered/?since=&until=&page=3000",
    "/needs/",
    "/capabilities/",
    "/engagements/",
    "/desk/",
    "/review/",
    "/accounts/centres/",
    "/",
)


def measured(client: Client, url: str, rounds: int) -> dict[str, float | int]:
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
        count = len(queries)  # each further request empties the log
    times = []
    for _ in range(rounds):
        started = perf_counter()
        response = client.get(url)
        times.append(1000 * (perf_counter() - started))
        if response.status_code != 200:
            raise SystemExit(f"{url} answers {response.status_code}")
    times.sort()
    p95 = times[min(rounds - 1, round(0.95 * rounds))]
    return {"p95_ms": round(p95, 1), "median_ms": round(statistics.median(times), 1), "queries": count}


def main(rounds: int) -> None:
    administrators = User.objects.filter(platform_role=PlatformRole.ADMINISTRATOR, is_active=True)
    client = Client()
    client.force_login(administrators.order_by("pk")[0], backend="django.contrib.auth.backends.ModelBackend")
    client.get(PEER)
    peer = measured(client, PEER, rounds)
    results = {}
    for url in PAGES:
        found = measured(client, url, rounds)
        results[url] = found | {"ratio": round(float(found["p95_ms"]) / float(peer["p95_ms"]), 1)}
        print(f"{found['p95_ms']:>8} ms p95  {found['queries']:>3} queries  {url}")
    told = {"database": connection.vendor, "proposals": Proposal.objects.count(), "rounds": rounds, "peer": peer}
    path = results_folder() / "pages" / f"{connection.vendor}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told | {"pages": results}, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
