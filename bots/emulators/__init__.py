"""Messengers on the loopback: what the real ones would answer, for demos, tests and load runs."""
