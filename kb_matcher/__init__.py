"""The library: a text in, scored and calibrated articles out. Of the house it imports bridge.model and ports alone."""

from kb_matcher.matcher import KbMatcher

__all__ = ["KbMatcher"]
