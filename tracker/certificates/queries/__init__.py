"""Every SELECT about certificates: those issued, and what a new one would state."""
