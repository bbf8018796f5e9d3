"""Rule files for Prometheus: templates with the values of `AlertSettings`. `python -m deploy.alerts` writes those shipped."""
