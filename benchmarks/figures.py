"""What each figure of build/bench.json says, in one line."""

MEANINGS = {
    "help_start_ratio": "mostik --help over python -c pass, whole processes",
    "demo_rss_mb": "resident memory of a demo that has just started, MB",
    "whole_way_ratio": "messages a second, stored durably and answered, over a bare aiogram bot with the same matcher",
    "whole_way_echo_ratio": "the same over a bare bot that only echoes",
    "whole_way_p99_ratio": "p99 of the time to the answer at a steady rate, over that of the bare bot (less is better)",
    "matcher_p50_ms_1e5": "a question to 100,000 wordings, 5 an article, median of the processor's time, ms",
    "matcher_ratio_bm25s": "questions a second over bm25s with stems, which ranks by words alone (below 1 is slower)",
    "matcher_ratio_wratio": "questions a second over a scan of the same wordings by rapidfuzz's WRatio",
    "matcher_peak_mb_1e5": "peak memory while these are read, indexed, asked, above the interpreter with imports, MB",
    "telegram_taken_ratio": "updates a second a webhook stores durably, over aiogram's that stores nothing",
    "vk_taken_ratio": "events a second VK's callback stores durably, over a bare server that only answers",
    "sent_share_of_limit": "replies to 90 customers at once: messages a second over the 30 Telegram allows",
    "sent_429": 'how often Telegram said "too many" meanwhile',
    "bots_20_rss_mb": "resident memory of a process with 20 Telegram bots, MB",
    "bots_20_rss_ratio": "the same over a process with one",
    "rush_shown_ratio": "30 customers at once: until every word stands in the staff group, over what 20 a minute take",
    "rush_429": 'how often Telegram said "too many" meanwhile',
    "rush_panel_p95_ms": "list and thread of the panel's API meanwhile, 95th percentile of both together, ms",
    "whole_way_mirrored_ratio": "messages a second with bursts of 1 s and every chat in the staff group, over the same",
}
