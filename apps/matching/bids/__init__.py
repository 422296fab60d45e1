"""揭榜: placing a bid on a need, and scoring its pair."""
