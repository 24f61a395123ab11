"""The page of those who administer."""
