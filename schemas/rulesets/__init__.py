"""Rule sets: what is scored and how, as files that an official can check, and the evaluator of all of them."""
