"""The Slack app that many workspaces install."""

from operating.manifest import for_many, written
from sandbox.manifest import load_manifest, read_manifest
from tests.journeys.conftest import ROOT


def test_it_is_the_app_of_one_workspace_reached_by_addresses(tmp_path):
    path = tmp_path / "manifest.yml"
    path.write_text(written("https://ask.example.com"), encoding="utf-8")
    many, one = load_manifest(path), load_manifest(ROOT / "manifest.yml")

    assert many == for_many("https://ask.example.com")
    assert read_manifest(many).scopes == read_manifest(one).scopes
    assert read_manifest(many).events - read_manifest(one).events == {"team_access_revoked"}
    urls = {each["url"] for each in many["features"]["slash_commands"]}
    assert urls == {"https://ask.example.com/slack/events"}
    assert many["oauth_config"]["redirect_urls"] == ["https://ask.example.com/slack/oauth_redirect"]
    assert many["settings"]["socket_mode_enabled"] is False
