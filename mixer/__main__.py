"""`python -m mixer` is the `mixer` command."""

from mixer.cli import main

main()
