"""What leaves for PostHog, and what is known to have arrived there."""
