"""How the knowledge base fares: use, health, questions kept as its tests, rehearsal of a change."""
