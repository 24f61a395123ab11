"""The pages of letters on their way: desk, delivery, letter, registers, own letters."""
