"""Rules of the product, broken on purpose, to see that the oracle notices."""
