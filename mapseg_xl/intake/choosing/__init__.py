"""Which sheets and tables of several count, and what became of the others."""
