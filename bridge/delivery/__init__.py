"""Durable in, durable out: lanes claimed and handled in order, attempts settled, turns counted."""
