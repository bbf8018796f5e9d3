"""Where the engine meets the domain: a batch of events in, changed rows out."""
