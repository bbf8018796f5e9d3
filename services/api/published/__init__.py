"""Official results (kết quả chính thức): what closing a period froze, and what later events would have changed, side by side."""
