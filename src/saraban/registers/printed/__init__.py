"""What registers print: books (แบบ 13, 14, 16), slips and cards (แบบ 17, 18), the receive stamp (แบบ 12)."""
