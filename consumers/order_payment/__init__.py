"""How an order gets paid: the state that is known, and what to do next. Pure, but for `load`."""
