"""What users install, installed as they do it: needs a package registry, and root on Debian. `make test-installed`."""
