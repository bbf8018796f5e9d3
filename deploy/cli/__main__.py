"""`python -m deploy.cli`: the same as `nhip`."""

from deploy.cli import main

main()
