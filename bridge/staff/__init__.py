"""The staff group: what its topics show of a conversation, and what its people write, press and order there."""
