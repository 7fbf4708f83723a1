"""What each chart is to show, asked of the published marts by hand."""

FLAG = "case when {} then 'tracked' else 'before tracking: too low' end"
PUSH = "replace(replace({}, '[[var:', '('), ']]', ')')"

EXPECTED = {
    "Monthly active people": """
        select metric_date, sum(mau) from marts.agg_daily_metrics
        where mau is not null and is_mau_tracked group by 1""",
    "Daily active people": """
        select metric_date, sum(dau) from marts.agg_daily_metrics
        where dau is not null and is_tracked group by 1""",
    "People signed up": """
        select metric_date, sum(total_users) from marts.agg_daily_metrics
        where total_users is not null group by 1""",
    "Active people by day": f"""
        select metric_date, {FLAG.format("is_tracked")}, sum(dau)
        from marts.agg_daily_metrics where dau is not null group by 1, 2""",
    "Active people of the 30 days before": f"""
        select metric_date, {FLAG.format("is_mau_tracked")}, sum(mau)
        from marts.agg_daily_metrics where mau is not null group by 1, 2""",
    "Stickiness": """
        select metric_date, sum(dau) / nullif(cast(sum(mau) as double precision), 0)
        from marts.agg_daily_metrics
        where mau is not null and is_mau_tracked group by 1""",
    "Sign-ups by month": """
        select month_start_date, user_type, signups from marts.agg_monthly_metrics
        where signups is not null""",
    "New, returned, kept and lost people": """
        select month_start_date, sum(retained_users), sum(returned_users),
            sum(new_active_users), -sum(churned_users)
        from marts.agg_monthly_metrics where retained_users is not null group by 1""",
    "What people do": """
        select month_start_date, activity_type, sum(activity_count)
        from marts.agg_monthly_activity
        where activity_count is not null and is_tracked group by 1, 2""",
    "Where people stop before their first activity": """
        select step, sum(users) from marts.agg_activation_funnel
        where is_mature and step_number < 7 group by 1""",
    "Activated within 30 days of the sign-up": """
        select cast(date_trunc('month', metric_date) as date),
            case when min(case when activated_signups_30_days is null then 0 else 1 end)
                = 1 then cast(sum(activated_signups_30_days) as double precision)
                / nullif(sum(signups), 0) end
        from marts.agg_daily_metrics group by 1""",
    "Retention of monthly cohorts": """
        select periods_since_signup, cast(cohort_start_date as varchar),
            cohort_retention_share
        from marts.agg_cohort_retention
        where cohort_period = 'month' and active_users is not null and is_tracked""",
    "Retention of weekly cohorts": """
        select periods_since_signup,
            cast(sum(active_users) as double precision) / sum(cohort_size)
        from marts.agg_cohort_retention
        where cohort_period = 'week' and active_users is not null and is_tracked
        group by 1""",
    "People by engagement level": """
        select month_start_date, engagement_level, count(distinct user_key)
        from marts.agg_user_engagement where is_tracked group by 1, 2""",
    "Complete profiles": """
        select metric_date, complete_share from marts.agg_profile_completion
        where users is not null""",
    "Does this kind of push work": f"""
        select {PUSH.format("push_title")}, metric, verdict, sends, compared_sends,
            recipients, series_lift, series_low, series_high, series_q
        from marts.agg_push_series_lift""",
    "What each send did": f"""
        select sent_at, {PUSH.format("title")}, metric, verdict, design_tier,
            recipients, adjusted_lift, adjusted_low, adjusted_high, adjusted_q
        from marts.agg_push_campaign_lift where verdict <> 'not_tracked'""",
    "Verdicts by metric": """
        select metric, verdict, count(distinct campaign_key)
        from marts.agg_push_campaign_lift group by 1, 2""",
    "Lift by layer": """
        select layer_name, metric, campaigns, pooled_campaigns, pooled_lift,
            pooled_low, pooled_high
        from marts.agg_push_layer_summary
        where scope <> 'all' and estimate <> 'observed'""",
    "Observed lift by weekday": """
        select bucket, campaigns, recipients, observed_lift, observed_se
        from marts.agg_push_timing
        where dimension = 'weekday' and metric = 'sessions'""",
    "What is published": """
        select generation_id, published_at, as_of, first_tracked_day, time_zone,
            absent_sources
        from marts.about""",
    "Checks that fail": """
        select severity, score, component, check_name, value_share, threshold,
            recommendation
        from marts.agg_data_quality where is_passed = false and severity <> 'none'""",
    "Checks by score": """
        select score, case is_passed when true then 'passed' when false then 'failed'
            else 'nothing to judge' end, count(*)
        from marts.agg_data_quality group by 1, 2""",
    "Scores": """
        select score, value_share, threshold, is_passed from marts.agg_data_quality
        where check_name like '%_total'""",
    "Sources": """
        select source_system, is_configured, tracking_started_at, known_until_at, as_of
        from marts.dim_source_systems""",
}
