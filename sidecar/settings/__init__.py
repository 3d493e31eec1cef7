"""What the operator configures: read once at start, frozen, refused as a whole if anything in it is wrong."""
