"""How good the ranking is on pairs that people judged, beside other ways to rank the same texts."""
