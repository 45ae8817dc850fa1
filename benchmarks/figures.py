"""What each figure of build/bench.json says, in one line."""

MEANINGS = {
    "help_start_ratio": "mostik --help over python -c pass, whole processes",
    "demo_rss_mb": "resident memory of a demo that has just started, MB",
    "whole_way_ratio": "messages a second, stored durably and answered, over a bare aiogram bot with the same matcher",
    "whole_way_echo_ratio": "the same over a bare bot that only echoes",
    "whole_way_p99_ratio": "p99 of the time to the answer at a steady rate, over that of the bare bot (less is better)",
    "whole_way_mirrored_ratio": "messages a second with bursts of 1 s and every chat in the staff group, over the same",
}
