"""Outside formats of contracts: published files become plain drafts, with every repair said (DECP 1.3 to 2.0.3)."""
