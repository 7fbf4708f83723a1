"""The three ways to get events, by POSTHOG_MODE.

Each plans slices and fetches them: `query` by the query API, `export` by export runs
and their downloads, `lake` from the files of scheduled exports.
"""
