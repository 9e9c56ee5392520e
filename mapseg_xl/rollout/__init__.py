"""Getting the company behind the chosen segments: profiles, what customers say, who does what by when."""
