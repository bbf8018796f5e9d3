"""The tree of units: read from CSV files, kept in PostgreSQL, published to the services as one record."""
