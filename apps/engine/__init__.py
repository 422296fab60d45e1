"""Ranks capabilities for a need and needs for a capability, with reasons.

Plain Python: no Django, no settings, no clock, no network. Data in, dataclasses out; the same input
gives the same output. How the score is made is told in docs/matching.md.
"""
