"""The revisions, oldest first by their names. Each is written out in full and never changed once released."""
