"""`python -m deploy.alerts`: write the rule files of deploy/prometheus anew; with other windows: `nhip alerts write`."""

from deploy.alerts.build import SHIPPED, write
from deploy.alerts.settings import AlertSettings

if __name__ == "__main__":
    write(SHIPPED, AlertSettings())
