"""Slack's words for why it refuses, sorted by what they are about: this decides whether asking
again can help, and when."""

from typing import Literal

About = Literal["thing", "place", "standing", "slack", "unknown"]

# What it was about is gone, or we ask for what Slack never does: the same again is refused again.
THING = frozenset(
    """
    already_reacted alt_txt_too_large attachment_payload_limit_exceeded bad_timestamp
    block_mismatch blocked_file_type cannot_dm_bot cannot_parse_attachment
    cannot_reply_to_message cant_broadcast_message cant_delete_message cant_update_message
    draft_already_deleted draft_already_sent draft_not_found duplicate_channel_not_found
    duplicate_external_id duplicate_message_not_found edit_window_closed exchanged_trigger_id
    expired_trigger_id file_comment_not_found file_deleted file_is_deleted file_not_found
    file_type_not_allowed file_upload_size_restricted file_uploads_disabled
    file_uploads_except_images_disabled hash_conflict invalid_arg_name invalid_args
    invalid_arguments invalid_array_arg invalid_attachments invalid_blocks invalid_blocks_format
    invalid_channel invalid_charset invalid_chunks invalid_cursor invalid_form_data invalid_json
    invalid_limit invalid_metadata_filter_keys invalid_metadata_format invalid_metadata_schema
    invalid_name invalid_name_specials invalid_post_type invalid_team invalid_thread_ts
    invalid_timestamp invalid_trigger_id invalid_ts_latest invalid_ts_oldest invalid_types
    invalid_user_combination invalid_user_id invalid_users invalid_view json_not_object
    markdown_text_conflict message_not_found message_not_owned_by_app message_too_long
    metadata_must_be_sent_from_app metadata_too_large method_not_supported_for_channel_type
    missing_args missing_argument missing_channel missing_file_data missing_post_type
    missing_profile_id missing_ts missing_user msg_blocks_too_long msg_blocks_too_many
    msg_too_long no_dual_broadcast_content_update no_item_specified no_reaction no_such_subteam
    no_text no_users_provided not_enough_users not_found not_implemented not_in_dnd
    not_reactable push_limit_reached snippet_too_large subteam_not_found template_not_visible
    thread_not_found too_long too_many_attachments too_many_contact_cards too_many_emoji
    too_many_members too_many_reactions too_many_users unable_to_share_files unknown_method
    unknown_snippet_type unknown_subtype user_disabled user_not_found user_not_visible
    users_list_not_supplied users_not_found view_too_large
    """.split()
)

# The channel is closed to us now; it may be opened again.
PLACE = frozenset(
    """
    cannot_find_channel channel_archived channel_conversion_in_progress
    channel_is_limited_access channel_not_found channel_type_not_supported
    external_channel_migrating is_archived is_inactive messages_tab_disabled no_channel
    not_in_channel not_visible posting_to_channel_denied posting_to_general_channel_denied
    restricted_action restricted_action_non_threadable_channel
    restricted_action_read_only_channel restricted_action_thread_locked
    restricted_action_thread_only_channel restricted_too_many slack_connect_blocked_file_type
    team_not_found thread_locked user_not_in_channel
    """.split()
)

# Slack does not know us, or does not let us, whatever we ask for.
STANDING = frozenset(
    """
    access_denied accesslimited account_inactive app_access_restricted app_not_installed
    as_user_not_supported bot_not_found bot_user_required cannot_auth_user ekm_access_denied
    enterprise_is_restricted enterprise_not_found feature_not_enabled forbidden_team
    insecure_request invalid_auth invalid_refresh_token invalid_token missing_scope no_access
    no_bot_user_for_app no_permission no_scopes not_allowed not_allowed_for_grid_workspace
    not_allowed_token_type not_authed not_authorized not_bearer_token not_enabled not_permitted
    not_supported org_login_required org_user_not_in_team paid_teams_only permission_denied
    plan_upgrade_required send_on_behalf_not_allowed sudo_required team_access_not_granted
    team_added_to_org token_expired token_revoked two_factor_setup_required user_is_restricted
    """.split()
)

# Slack's own trouble: what was asked may have happened.
PASSING = frozenset(
    """
    fatal_error fetch_members_failed internal_error messaging_processing_failed request_timeout
    rollup_error service_unavailable streaming_state_conflict update_failed
    """.split()
)

# Those of STANDING that end without anybody having to do something about the app.
ENDS_BY_ITSELF = frozenset(
    "accesslimited ekm_access_denied org_login_required team_added_to_org".split()
)


def about(code: str) -> About:
    if code in THING:
        return "thing"
    if code in PLACE:
        return "place"
    if code in STANDING:
        return "standing"
    if code in PASSING:
        return "slack"
    return "unknown"
