"""`python -m deploy.dashboards`: write the dashboards anew."""

from deploy.dashboards.build import write

if __name__ == "__main__":
    write()
