"""What makes a person's identity complete, and an eligibility decision right."""
