"""What people answer teaches the order: labels, weights learned from them, and what an answer does to the next list."""
