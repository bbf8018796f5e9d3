"""The cube: counters by unit, day and measure as NumPy arrays, so that any period of any units costs two gathers and a subtraction.

It knows rows (`schemas.rows`) and nothing of Kafka or HTTP.
"""
