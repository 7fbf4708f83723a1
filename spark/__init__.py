"""What only Spark needs: a cluster on this machine, and the tests of `make spark`."""
