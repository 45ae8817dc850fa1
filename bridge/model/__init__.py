"""Frozen data by subject; ids are types. Nothing here does anything."""
