"""Where acts are said: nodes, the embedded chain, the accounts that pay for transactions."""
