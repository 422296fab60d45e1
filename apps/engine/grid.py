"""Numbers of vectors as whole multiples of 1 / GRID.

Sums of floating-point products depend on their order, and every way to compute a cosine (one against many, many
against one, term by term, by BLAS) has an order of its own. On the grid every product and every partial sum is a whole
number, and float32 holds whole numbers up to 2^24 exactly: a pair has the very same cosine however it is asked for. By
Cauchy and Schwarz no partial sum of vectors of length 1 exceeds (GRID + sqrt(n) / 2)², below 2^24 for up to 36,000
numbers. Rounding moves a cosine by some 0.0001.
"""

GRID = 4_000
