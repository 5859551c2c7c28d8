"""What a team would write on Bolt for Python: a slash command that is acknowledged, with BENCHMARK_DATABASE set only
after it is on disk. `wsgi` is for servers with threads or processes, `asgi` for those with an event loop."""

import os
import sqlite3

from slack_bolt import App
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

SECRET = os.environ["SLACK_SIGNING_SECRET"]
DATABASE = os.environ.get("BENCHMARK_DATABASE")
RESULT = AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-benchmark", bot_id="B1", bot_user_id="U0")


def connect():
    # One connection for each process: they are forked or started before they get here.
    database = sqlite3.connect(DATABASE, timeout=20, isolation_level=None, check_same_thread=False)
    # The table is there, and the file keeps a write-ahead log.
    database.execute("PRAGMA synchronous = FULL")
    return database


connection = None


def write_down(command):
    global connection
    if connection is None:
        connection = connect()
    connection.execute(
        "INSERT OR IGNORE INTO operations VALUES (?, ?, ?)",
        (command["trigger_id"], command["user_id"], command["text"]),
    )


def deploy(ack, command):
    if DATABASE:
        write_down(command)
    ack("Queued.")


async def deploy_async(ack, command):
    if DATABASE:
        write_down(command)
    await ack("Queued.")


async def authorize_async(**_):
    return RESULT


def make_wsgi():
    # Without it, Bolt looks for the acknowledgement every 10 ms.
    app = App(signing_secret=SECRET, authorize=lambda **_: RESULT, process_before_response=True)
    app.command("/iterapp")(deploy)
    return SlackRequestHandler(app, path="/slack/commands")


def make_asgi():
    app = AsyncApp(signing_secret=SECRET, authorize=authorize_async, process_before_response=True)
    app.command("/iterapp")(deploy_async)
    return AsyncSlackRequestHandler(app, path="/slack/commands")


# The module is loaded by servers that need one of the two.
if os.environ.get("BENCHMARK_INTERFACE") == "asgi":
    asgi = make_asgi()
else:
    wsgi = make_wsgi()
