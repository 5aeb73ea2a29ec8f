"""`python -m cartwheel` is the cartwheel command."""

from cartwheel.cli.app import main

main()
