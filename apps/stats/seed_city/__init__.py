"""A large invented city whose year 2022 reproduces the published figures: written in bulk, the same for the same seed.

For demonstrations at city scale and for load tests. The small city of `demo_city` is played through the services; this
one is written past them, so its rows are tested against the models' and the forms' rules instead.
"""
