"""What is served where, a file a subject: method, path, function."""
