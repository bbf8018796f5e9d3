"""A day of dossiers, told twice: as the payloads of a one-stop system, and as CloudEvents by a writer that knows nothing of payloads."""
