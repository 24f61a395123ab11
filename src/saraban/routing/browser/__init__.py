"""The pages of letters on their way: desk, delivery, letter, own letters."""
