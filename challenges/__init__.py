"""The catalogue: one folder a challenge, with its source, its manifest and its packed file."""
