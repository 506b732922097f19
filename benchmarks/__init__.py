"""What compares us with others and with ourselves; no part of the wheel."""
