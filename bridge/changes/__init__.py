"""Words that stand already: edits, deletions, signs and read marks, from either side to the other."""
