"""The pages of registers and numbers."""
