"""The add-in as a file: built from text, put where Excel starts, looked over."""
