"""The laws of the house, read in the source itself: nothing is imported, nothing is run."""
