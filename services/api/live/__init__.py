"""Who listens, and what they are told: one piece of work a state of the cube, however many listen; nobody waits for a slow one."""
