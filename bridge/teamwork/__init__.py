"""How the desk works together: teams, who sees what, who passes what to whom, who is there, what finds whom."""
