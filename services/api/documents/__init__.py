"""What the api shows, as plain documents: worked out once for all who ask, whether as JSON, as a page or as a stream."""
