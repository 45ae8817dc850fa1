"""What editors write: articles, drafts, editions, what is checked before they are published."""
