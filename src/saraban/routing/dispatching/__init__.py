"""Pages on which registrars send letters and enter those that come from outside."""
