"""What alarms are made of: numbers of every unit, and systems that fell silent."""
