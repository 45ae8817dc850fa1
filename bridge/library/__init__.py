"""The knowledge base: what the matcher is told, what editors write, how it stood before, files in and out."""
