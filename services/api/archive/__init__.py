"""What lies behind the numbers: dossiers and findings, read from the archive in PostgreSQL (`services.common.archived`)."""
