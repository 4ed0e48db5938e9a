"""A strict local Slack for tests, benchmarks and people without a workspace."""

from sandbox.errors import SlackError
from sandbox.manifest import load_manifest
from sandbox.modals import Submission
from sandbox.people import Person
from sandbox.server import Sandbox
from sandbox.workspace import Channel, Message, User, Usergroup

__all__ = [
    "Channel",
    "Message",
    "Person",
    "Sandbox",
    "SlackError",
    "Submission",
    "User",
    "Usergroup",
    "load_manifest",
]
