{{ metric_buckets('week', '168 hours') }}
