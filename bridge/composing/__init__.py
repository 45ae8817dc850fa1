"""What helps to write an answer: canned replies, macros, drafts, words that are held before they go out."""
