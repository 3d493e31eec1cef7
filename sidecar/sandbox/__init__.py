"""Stand-ins for the systems outside: stateful, honest, in memory; for tests, the demo and rehearsals."""
