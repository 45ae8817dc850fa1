"""Style sheets in larger type."""

from typing import get_args

import pytest

from operator_panel.api.bodies import MeChange
from operator_panel.sizes import SIZES, grown


def test_sizes_are_those_somebody_may_choose() -> None:
    (literal, _none) = get_args(MeChange.model_fields["text_size"].annotation)
    assert get_args(literal) == SIZES


@pytest.mark.parametrize(
    ("usual", "larger"),
    [
        ("a{font:600 15px/20px Inter}", "a{font:600 19.5px/26px Inter}"),
        ("a{margin:-4px 0 .5px 1px}", "a{margin:-5.2px 0 0.5px 1px}"),
        ("a{width:min(440px,calc(100vw - 24px))}", "a{width:min(572px,calc(100vw - 31.2px))}"),
        ("a{line-height:1.5;width:50%;color:#12px34}", "a{line-height:1.5;width:50%;color:#12px34}"),
        ("@keyframes a{from{top:10px}}", "@keyframes a{from{top:13px}}"),
        ("@container thread (max-width: 599px){a{top:10px}}", "@container thread (max-width: 779.98px){a{top:13px}}"),
    ],
)
def test_every_length_grows_and_hairlines_stay(usual: str, larger: str) -> None:
    assert grown(usual, 130) == larger
    assert grown(usual, 100) == usual


@pytest.mark.parametrize("size", SIZES[1:])
def test_no_window_falls_between_two_grown_bounds(size: int) -> None:
    def bound(query: str) -> float:
        return float(grown(f"@media ({query}){{}}", size).split(": ")[1].split("px")[0])

    for width in (359, 700, 900, 1279):
        below, above = bound(f"max-width: {width}px"), bound(f"min-width: {width + 1}px")
        assert below < above
        assert not [each for each in range(300, 2000) if below < each < above]
