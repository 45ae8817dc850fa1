"""Files into the knowledge base and back: formats, the dry run, the import and its undoing."""
