"""What certificates say in French: the paper, and the public answer to a verification."""
