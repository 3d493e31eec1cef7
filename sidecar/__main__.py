"""`python -m sidecar`, the same as `sidecar`."""

from sidecar.cli import main

if __name__ == "__main__":
    main()
