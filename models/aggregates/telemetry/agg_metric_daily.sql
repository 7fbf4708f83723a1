{{ metric_buckets('day', '24 hours') }}
