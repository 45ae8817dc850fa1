"""Settings, words and samples: what an installation may choose."""
