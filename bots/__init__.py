"""Doors to the street: one file or folder for each messenger."""
