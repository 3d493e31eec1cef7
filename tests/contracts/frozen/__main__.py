"""Adds new contracts, new optional fields and new examples to what is frozen."""

import sys

from tests.contracts import frozen

required, forms = frozen.required_now(), frozen.forms_now()
if frozen.REQUIRED.exists():
    problems = frozen.broken(frozen.frozen_required(), required, frozen.frozen_forms(), forms)
    if problems:
        sys.exit("\n".join([*problems, "make a new version of the contract instead: docs/contracts.md"]))
frozen.write(frozen.REQUIRED, required)
frozen.write(frozen.FORMS, forms)
frozen.freeze_messages()
