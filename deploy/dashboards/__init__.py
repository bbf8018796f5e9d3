"""Dashboards for Grafana as code: `python -m deploy.dashboards` writes deploy/grafana/dashboards (needs the development packages)."""
