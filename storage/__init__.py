"""The cellar: a narrow document port, its stores, and the repositories written once on top of it."""
