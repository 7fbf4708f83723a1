"""How PostHog is asked.

`http` sends a request and tries again, `client` asks for rows in HogQL, `failures` says
what no success means, `limits` and `concurrency` how much may be asked at once.
"""
