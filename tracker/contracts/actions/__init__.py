"""What is done to contracts and clauses: one function a verb, each in the journal."""
