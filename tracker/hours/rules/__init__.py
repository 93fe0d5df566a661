"""What the hours room decides, pure: cells of a month, checks, counting, progress, states."""
