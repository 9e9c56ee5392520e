"""How tables become one row a customer: keys, forms of keys, pairs, conflicts, what is tied to each source."""
