"""The case for one segment: the Summary's brief, the story, what is quoted and what is not settled."""
