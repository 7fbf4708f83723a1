"""What a language model says about conversations: `python -m steps.insights`."""
