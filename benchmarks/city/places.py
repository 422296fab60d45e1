"""Every list and every dashboard of the site and of the API, with filters and late pages, and who looks at them.

An address may hold `{need}`, `{capability}`, `{organisation}`, `{broker}` or `{person}`: a row with much behind it, as
`benchmarks.city.people` finds it.
"""

from typing import NamedTuple

VISITOR, ADMINISTRATOR, REVIEWER = "visitor", "administrator", "reviewer"
BROKER, SME, UNIVERSITY = "broker", "sme", "university"
SIDES = (SME, UNIVERSITY)
WORKING = (ADMINISTRATOR, BROKER, *SIDES)
EVERYBODY = (VISITOR, ADMINISTRATOR, SME, UNIVERSITY)

A_YEAR = "since=2022-01-01&until=2022-12-31"
ALL_TIME = "since=2000-01-01&until=2100-01-01"
NARROW = f"{A_YEAR}&chain=chain_smart_equipment&district=district_chengyang"
CHAIN, DISTRICT = "chain=chain_smart_equipment", "district=district_chengyang"
SPANS = (A_YEAR, NARROW, ALL_TIME)
FIGURES = (
    "registered",
    "verified",
    "technology_companies",
    "centres",
    "needs",
    "answered",
    "answered_in_week",
    "capabilities",
    "proposals",
    "acceptances",
    "engagements",
    "contracts",
    "delivered",
    "outcomes",
    "not_achieved",
    "declines",
    "lists",
    "first_accepted",
    "five_accepted",
    "contract_yuan",
    "technology_yuan",
    "received_yuan",
    "new_sales_yuan",
    "cost_saved_yuan",
)
QUEUES = (
    "organisations",
    "needs",
    "capabilities",
    "experts",
    "changed_needs",
    "changed_capabilities",
    "stories",
    "outcomes",
    "reports",
    "held_organisations",
    "held_needs",
    "held_capabilities",
)
DESK = ("unassigned", "stuck", "overdue", "mine", "closed")


class Place(NamedTuple):
    who: str
    url: str


def _places(who: tuple[str, ...], *urls: str) -> list[Place]:
    return [Place(each, url) for url in urls for each in who]


DASHBOARDS = [
    *_places((VISITOR, ADMINISTRATOR, REVIEWER, BROKER, *SIDES), "/"),
    *_places((ADMINISTRATOR,), *(f"/stats/{page}?{span}" for page in ("", "distribution/", "fit/") for span in SPANS)),
    *_places((ADMINISTRATOR,), *(f"/api/v1/stats/{page}/?{ALL_TIME}" for page in ("overview", "distribution", "fit"))),
    *_places((VISITOR,), "/open/", "/open/?year=2022", "/api/v1/open-statistics/", "/open/statistics.csv"),
    *_places((ADMINISTRATOR,), "/office/", "/stats/reports/"),
]
ROWS_BEHIND = [
    *_places((ADMINISTRATOR,), *(f"/stats/{figure}/?{ALL_TIME}" for figure in FIGURES)),
    *_places(
        (ADMINISTRATOR,),
        f"/stats/proposals/?{A_YEAR}",
        f"/stats/proposals/?{NARROW}",
        f"/stats/proposals/?{ALL_TIME}&page=500",
        f"/stats/proposals/?{ALL_TIME}&page=40000",
        f"/stats/proposals/?{ALL_TIME}&{CHAIN}&page=200",
        f"/stats/proposals/?{ALL_TIME}&partner={{organisation}}",
        f"/stats/proposals/?{ALL_TIME}&partner={{organisation}}&page=100",
        f"/stats/declines/?{ALL_TIME}&only=field_mismatch&page=300",
        f"/stats/engagements/?{ALL_TIME}&broker={{broker}}",
        f"/stats/registered/?{ALL_TIME}&page=3000",
        f"/stats/capabilities/?{ALL_TIME}&{CHAIN}&page=100",
        "/stats/more/open-needs/",
        "/stats/more/open-capabilities/",
        "/stats/more/open-capabilities/?term=chain_smart_equipment&of=industry_chain",
        "/stats/more/open-capabilities/?page=2000",
        "/stats/more/due-needs/",
        "/stats/more/brokers/",
        f"/stats/more/credits/?{ALL_TIME}",
    ),
]
BOARD = (
    "",
    f"?{CHAIN}",
    f"?{DISTRICT}",
    "?q=激光",
    "?q=没有这个词",
    "?sort=expiring",
    "?type=process_change&mode=entrusted",
)
CATALOGUE = (
    "",
    "?page=500",
    "?page=2000",
    f"?{CHAIN}",
    f"?{CHAIN}&page=100",
    f"?{DISTRICT}",
    "?kind=result",
    "?kind=expert&page=300",
    "?q=激光",
    "?q=没有这个词",
    "?trl=7",
    "?mode=entrusted",
    "?mode=entrusted&page=300",
    f"?{CHAIN}&{DISTRICT}&kind=result&q=激光",
)
LISTS = [
    *_places(EVERYBODY, *(f"/needs/{query}" for query in BOARD)),
    *_places(EVERYBODY, *(f"/capabilities/{query}" for query in CATALOGUE)),
    *_places(
        (VISITOR, SME),
        "/accounts/centres/",
        "/accounts/centres/?page=100",
        "/accounts/centres/?q=机械",
        f"/accounts/centres/?{CHAIN}",
    ),
    *_places((VISITOR, SME), "/stories/", f"/stories/?{CHAIN}", "/announcements/"),
    *_places(
        WORKING, "/engagements/", "/engagements/?view=board", "/engagements/?state=in_progress", "/engagements/?q=激光"
    ),
    *_places(WORKING, "/engagements/?due=overdue", "/engagements/?outcomes=waiting", "/engagements/?who=mine"),
    *_places((ADMINISTRATOR,), "/engagements/?page=50", "/engagements/?view=board&q=激光"),
    *_places(
        (*SIDES, BROKER),
        "/searches/",
        "/notifications/",
        "/notifications/?state=unread",
        "/notifications/settings/",
        "/review/reports/mine/",
    ),
    *_places((ADMINISTRATOR,), "/searches/", "/notifications/"),
    *_places(
        SIDES, "/inbox/", "/fitting/", "/bids/", "/imports/", "/imports/new/", "/my-data/", "/accounts/organisation/"
    ),
    *_places(SIDES, "/needs/mine/", "/needs/renewals/", "/capabilities/mine/", "/capabilities/renewals/"),
    *_places((UNIVERSITY,), "/capabilities/mine/?page=10", "/fitting/?page=5", "/inbox/?page=5"),
    *_places(
        (SME,),
        "/needs/mine/?state=published",
        "/inbox/?page=5",
        "/needs/{need}/proposals/",
        "/needs/{need}/proposals/?page=10",
    ),
    *_places((UNIVERSITY,), "/capabilities/{capability}/needs/"),
]
WORK = [
    *_places((BROKER, ADMINISTRATOR), *(f"/desk/?queue={queue}" for queue in DESK)),
    *_places((BROKER, ADMINISTRATOR), f"/desk/?{DISTRICT}", f"/desk/?{CHAIN}", "/desk/?q=激光", "/desk/credits/"),
    *_places((REVIEWER, ADMINISTRATOR), *(f"/review/?tab={tab}" for tab in QUEUES)),
    *_places(
        (REVIEWER,),
        "/review/?tab=needs&order=clearest",
        f"/review/?tab=capabilities&{CHAIN}",
        "/review/?tab=organisations&q=机械",
    ),
    *_places((REVIEWER, ADMINISTRATOR), "/stories/review/", "/accounts/claims/", "/rematches/", "/imports/"),
]
OFFICE = _places(
    (ADMINISTRATOR,),
    "/office/people/",
    "/office/people/?q=王",
    "/office/people/?role=staff",
    "/office/people/?page=100",
    "/office/people/{person}/",
    "/office/settings/",
    "/office/switches/",
    "/office/announcements/",
    "/office/vocabularies/",
    "/office/vocabularies/tag/",
    "/office/vocabularies/industry_chain/",
    "/office/vocabularies/tag/?q=激光",
    "/office/retention/",
    "/office/erasures/",
    "/office/trail/",
    "/office/trail/?what=views",
    "/office/trail/?action=proposal.viewed",
    "/office/trail/?kind=needs.need",
    "/office/trail/?person=guanli@example.com",
    "/office/trail/?since=2022-03-01&until=2022-03-31",
    "/office/trail/?person=guanli@example.com&action=need.published&kind=needs.need",
    "/office/trail/?address=10.1.2.3",
    "/office/trail/?kind=stats.target",
    "/office/trail/?action=proposal.viewed&kind=needs.need&since=2022-01-01",
)
API = [
    *_places(
        (VISITOR, SME), "/api/v1/organisations/", "/api/v1/organisations/?page=3000", "/api/v1/organisations/?q=机械"
    ),
    *_places(
        (VISITOR, SME), "/api/v1/centres/", "/api/v1/centres/?industry_chain=chain_smart_equipment", "/api/v1/terms/"
    ),
    *_places(
        EVERYBODY, "/api/v1/needs/", "/api/v1/needs/?q=激光&ordering=valid_until", "/api/v1/capabilities/?page_size=100"
    ),
    *_places(EVERYBODY, "/api/v1/capabilities/", "/api/v1/capabilities/?page=2000", "/api/v1/capabilities/?q=激光"),
    *_places(EVERYBODY, "/api/v1/capabilities/?industry=chain_smart_equipment", "/api/v1/stories/"),
    *_places(WORKING, "/api/v1/proposals/", "/api/v1/proposals/?ordering=-score", "/api/v1/proposals/?state=declined"),
    *_places(WORKING, "/api/v1/engagements/", "/api/v1/outcomes/", "/api/v1/questionnaires/"),
    *_places(
        (ADMINISTRATOR,),
        "/api/v1/proposals/?page=100",
        "/api/v1/proposals/?waiting=true",
        "/api/v1/proposals/?listed=true",
    ),
    *_places(
        (ADMINISTRATOR, BROKER),
        "/api/v1/referrals/",
        "/api/v1/referrals/?is_open=true",
        "/api/v1/calls/",
        "/api/v1/credits/",
    ),
    *_places(
        (ADMINISTRATOR,),
        *(f"/api/v1/review/{page}/" for page in ("queues", "lines", "withholdings")),
        *(f"/api/v1/office/{page}/" for page in ("people", "settings", "switches", "announcements", "terms", "trail")),
        *("/api/v1/office/retention/", "/api/v1/office/erasures/", "/api/v1/reports/", "/api/v1/stats/reports/"),
    ),
    *_places(
        SIDES,
        "/api/v1/bids/",
        "/api/v1/imports/",
        "/api/v1/searches/",
        "/api/v1/notifications/",
        "/api/v1/join-requests/",
    ),
]
PLACES = [*DASHBOARDS, *ROWS_BEHIND, *LISTS, *WORK, *OFFICE, *API]
