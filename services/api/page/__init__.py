"""The plain page at `/`: all units with their live total, and the compact document that it reads again and again."""
