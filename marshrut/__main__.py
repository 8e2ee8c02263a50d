"""`python -m marshrut` is `marshrut`."""

from marshrut.cli import main

if __name__ == "__main__":
    main()
