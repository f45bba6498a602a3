"""Records: what the accepted acts of a journal amount to. Pure: states, their codes, and the effects of entries."""
