"""Matching much of the city anew: what is started and stopped (`services`), and the work itself (`chunks`)."""
