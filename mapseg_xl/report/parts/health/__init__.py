"""The pieces of Data health: what was found, cell by cell before and after, which repairs were made."""
