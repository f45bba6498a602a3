"""The journal: that something was said. Entries and their hash heads; pure, no I/O."""
