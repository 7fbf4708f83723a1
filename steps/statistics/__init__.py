"""Tests, intervals and moments that know nothing of pushes."""
