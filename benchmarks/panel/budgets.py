"""What the panel's pages may cost, as ratios to the same page without its scripts, and what of it is kept."""

from collections.abc import Mapping

#: The most of each figure. Frames are those of the idle page in the same run.
LIMITS = {
    "page_paint_ratio": 1.2,
    "page_usable_ratio": 1.8,
    "page_bytes_ratio": 4,
    "page_bytes_kb": 75,
    "page_script_kb": 45,
    "page_sheet_kb": 14,
    "page_font_kb": 120,
    "page_heap_ratio": 4,
    "page_heap_growth": 1.6,
    "page_nodes_growth": 1.2,
    "page_event_frames_busy": 8,
    "page_event_frames_calm": 3,
    "page_event_lag": 1,
    "page_open_ratio": 0.5,
    "page_key_frames": 2,
    "page_long_tasks_share": 0.05,
    "widget_loader_kb": 2.5,
    "widget_requests": 1,
    "widget_lcp_ratio": 1.02,
    "widget_shift": 0,
    "widget_frame_kb": 45,
}


def verdicts(figures: Mapping[str, float]) -> dict[str, bool]:
    """Print each figure beside its limit; return which are kept."""
    kept = {name: figures[name] <= limit for name, limit in LIMITS.items() if name in figures}
    for name, met in kept.items():
        print(f"{name:24} {figures[name]:8.3g} of {LIMITS[name]:<6g} {'met' if met else 'MISSED'}")
    return kept
