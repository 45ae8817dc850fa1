"""What the matcher learns: labels, what stands of them, wordings that grow, answers looked at again."""
