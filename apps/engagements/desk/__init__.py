"""The broker's desk: what waits for a broker, and what brokers do about it."""
