"""The dashboards in `helm/dashboards`, as code; `python -m tests.documents` writes them."""
