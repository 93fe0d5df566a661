"""What the contracts room decides, pure: identity of a contract, levers, hours due, the duty of 2026."""
