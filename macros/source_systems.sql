{% macro source_systems() %}
    {% do return({
        'push': {'source': 'neon'},
        'push_files': {'source': 'neon'},
        'app': {'source': 'neon', 'has_accounts': true},
        'chemlink': {
            'has_accounts': true,
            'activities': [
                {
                    'type': 'vote',
                    'model': 'stg_chemlink__votes',
                    'table': 'query_votes',
                    'id': 'vote_id',
                    'account_id': 'voter_person_id',
                    'occurred_at': 'created_at',
                },
                {
                    'type': 'collection_created',
                    'model': 'stg_chemlink__collections',
                    'table': 'collections',
                    'id': 'collection_id',
                    'account_id': 'creator_person_id',
                    'occurred_at': 'created_at',
                },
                {
                    'type': 'profile_added_to_collection',
                    'model': 'stg_chemlink__collection_profiles',
                    'table': 'collection_profiles',
                    'id': 'collection_profile_id',
                    'account_id': 'added_by_person_id',
                    'occurred_at': 'created_at',
                },
                {
                    'type': 'collection_shared',
                    'model': 'stg_chemlink__collection_collaborators',
                    'table': 'collection_collaborators',
                    'id': 'collection_collaborator_id',
                    'account_id': 'added_by_person_id',
                    'occurred_at': 'created_at',
                },
            ],
        },
        'kratos': {'source': 'chemlink'},
        'engagement': {'has_accounts': true},
        'assistant': {
            'accounts': { 'model': 'stg_assistant__users', 'id': 'assistant_user_id' },
        },
        'posthog': {},
    }) %}
{% endmacro %}
