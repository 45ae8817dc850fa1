"""The operators' panel measured: opened on a long past, many of it at once, and its page beside a plain one."""
