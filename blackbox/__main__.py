"""`python -m blackbox`."""

from blackbox.cli.main import run

if __name__ == "__main__":
    run()
