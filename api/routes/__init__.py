"""Routes: each parses, makes one call and shapes the answer. Rules, SQL and the chain are elsewhere."""
