"""The hall: what happens to a message; pure rules and one doorway, no I/O library is imported here."""
