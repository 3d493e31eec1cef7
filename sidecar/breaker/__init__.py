"""Circuit breakers: an upstream that is down is left alone, and asked now and then by one replica."""
