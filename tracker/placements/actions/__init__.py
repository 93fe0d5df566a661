"""A placement is proposed by an employer, then decided by a facilitator."""
