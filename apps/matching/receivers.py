"""Receivers of signals."""
