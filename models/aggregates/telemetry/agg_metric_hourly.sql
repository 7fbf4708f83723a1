{{ metric_buckets('hour', '1 hour') }}
