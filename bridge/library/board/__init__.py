"""What no article says: questions without an answer, and what the desk answers again and again."""
