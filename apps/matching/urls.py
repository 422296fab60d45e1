from django.urls import path

from apps.matching.views import answers, bids, lists, lookup, preview, prospects, rematches, similar

app_name = "matching"
urlpatterns = [
    path("inbox/", lists.inbox, name="inbox"),
    path("fitting/", lists.needs_for_me, name="needs_for_me"),
    path("needs/<slug:public_id>/proposals/", lists.need_proposals, name="need_proposals"),
    path("bids/", bids.my_bids, name="my_bids"),
    path("needs/<slug:public_id>/bid/", bids.bid, name="bid"),
    path("needs/<slug:public_id>/bid-panel/", bids.need_bid_panel, name="need_bid_panel"),
    path("needs/<slug:public_id>/preview/", preview.need_preview, name="need_preview"),
    path("needs/<slug:public_id>/rematch/", lists.rematch_need, name="need_rematch"),
    path("needs/<slug:public_id>/lookup/", lookup.need_lookup, name="need_lookup"),
    path("needs/<slug:public_id>/lookup/found/", lookup.need_lookup_found, name="need_lookup_found"),
    path("needs/<slug:public_id>/lookup/pick/", lookup.need_lookup_pick, name="need_lookup_pick"),
    path("needs/<slug:public_id>/similar/", similar.need_look_alikes, name="need_look_alikes"),
    path("capabilities/<slug:public_id>/needs/", lists.capability_needs, name="capability_needs"),
    path("capabilities/<slug:public_id>/rematch/", lists.rematch_capability, name="capability_rematch"),
    path("capabilities/<slug:public_id>/similar/", similar.capability_look_alikes, name="capability_look_alikes"),
    path("needs/<slug:public_id>/prospects/", prospects.need_prospects, name="need_prospects"),
    path("rematches/", rematches.overview, name="rematches"),
    path("rematches/<slug:public_id>/progress/", rematches.progress, name="rematch_progress"),
    path("rematches/<slug:public_id>/pause/", rematches.pause, name="rematch_pause"),
    path("rematches/<slug:public_id>/resume/", rematches.resume, name="rematch_resume"),
    path("rematches/<slug:public_id>/cancel/", rematches.cancel, name="rematch_cancel"),
    path("proposals/<slug:public_id>/", answers.proposal, name="proposal"),
    path("proposals/<slug:public_id>/accept/", answers.accept, name="accept"),
    path("proposals/<slug:public_id>/decline/", answers.decline, name="decline"),
    path("proposals/<slug:public_id>/withdraw/", answers.withdraw, name="withdraw"),
]
