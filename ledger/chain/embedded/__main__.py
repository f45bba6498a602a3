"""The child process of `ChainProcess`: serves one chain over the inherited descriptor named in argv."""

import sys

from ledger.chain.embedded.process import serve

serve(int(sys.argv[1]))
