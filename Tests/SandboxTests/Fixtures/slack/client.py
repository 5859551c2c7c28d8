"""Drives a Slack Web API with Slack's own client. Input: JSON with `url`, `token`, `triggers` and ids.

Output: JSON with what the caller wants to look at. Exit status 77: slack_sdk is not installed.
"""
import json
import sys

try:
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackApiError
    from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
    from slack_sdk.models.blocks import (
        ActionsBlock, ButtonElement, ContextBlock, DividerBlock, HeaderBlock, InputBlock, MarkdownTextObject,
        PlainTextInputElement, PlainTextObject, SectionBlock)
    from slack_sdk.models.metadata import Metadata
    from slack_sdk.models.views import View
except ImportError:
    sys.exit(77)

given = json.load(sys.stdin)
client = WebClient(token=given["token"], base_url=given["url"] + "/api/", timeout=10)
channel = given["channel"]


def error_of(call, **arguments):
    """The error code that Slack answers; None when it does what was asked."""
    try:
        call(**arguments)
    except SlackApiError as refusal:
        return refusal.response["error"]
    return None


def messages():
    who = client.auth_test()
    assert who["user_id"] == given["bot"], who.data
    blocks = [
        HeaderBlock(text="Deploying"), DividerBlock(),
        SectionBlock(text=MarkdownTextObject(text="*cats* to `test` & more"), block_id="what"),
        ContextBlock(elements=[MarkdownTextObject(text="by somebody")]),
        ActionsBlock(elements=[ButtonElement(text="Retry", action_id="retry", value="7", style="danger")]),
    ]
    posted = client.chat_postMessage(
        channel=channel, text="Deploying cats", blocks=blocks,
        metadata=Metadata(event_type="notice", event_payload={"id": "9"}), unfurl_links=False)
    ts = posted["ts"]
    assert posted["channel"] == channel and posted["message"]["blocks"][2]["block_id"] == "what", posted.data
    reply = client.chat_postMessage(channel=channel, text="line 1\nline 2", thread_ts=ts)
    assert reply["message"]["thread_ts"] == ts, reply.data
    updated = client.chat_update(channel=channel, ts=ts, text="cats is live", blocks=blocks[:3])
    assert updated["text"] == "cats is live" and updated["ts"] == ts, updated.data
    whisper = client.chat_postEphemeral(channel=channel, user=given["member"], text="psst")
    assert whisper["message_ts"], whisper.data
    thread = client.conversations_replies(channel=channel, ts=ts)
    assert [message["text"] for message in thread["messages"]] == ["cats is live", "line 1\nline 2"], thread.data
    found = client.conversations_history(channel=channel, include_all_metadata=True)
    assert found["messages"][0]["metadata"] == {"event_type": "notice", "event_payload": {"id": "9"}}, found.data
    second = client.chat_postMessage(channel=channel, text="away with it")
    client.chat_delete(channel=channel, ts=second["ts"])
    return ts


def pages():
    names = [one["name"] for page in client.conversations_list(limit=2) for one in page["channels"]]
    assert len(names) == len(set(names)) and "general" in names, names
    for index in range(5):
        client.chat_postMessage(channel=given["general"], text=str(index))
    texts = [one["text"] for page in client.conversations_history(channel=given["general"], limit=2)
             for one in page["messages"]]
    assert texts == ["4", "3", "2", "1", "0"], texts
    return names


def people():
    info = client.conversations_info(channel=channel, include_num_members=True)
    assert info["channel"]["num_members"] == 4, info.data
    opened = client.conversations_open(users=given["member"])
    direct = client.chat_postMessage(channel=opened["channel"]["id"], text="hello")
    assert direct["channel"].startswith("D"), direct.data
    assert client.users_info(user=given["member"])["user"]["name"] == "ann"
    groups = client.usergroups_list(include_users=True)["usergroups"]
    assert groups[0]["users"] == client.usergroups_users_list(usergroup=groups[0]["id"])["users"], groups


def views():
    field = InputBlock(
        label="Name", block_id="name", element=PlainTextInputElement(action_id="typed", placeholder="cats"))
    modal = View(
        type="modal", title=PlainTextObject(text="Deploy"), submit=PlainTextObject(text="Go"), blocks=[field],
        callback_id="deploy", private_metadata="42", notify_on_close=True)
    opened = client.views_open(trigger_id=given["triggers"][0], view=modal)["view"]
    client.views_push(trigger_id=given["triggers"][1], view=modal)
    client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal)
    late = error_of(client.views_update, view_id=opened["id"], hash=opened["hash"], view=modal)
    assert late == "hash_conflict", late
    home = View(type="home", blocks=[SectionBlock(text="My apps")])
    published = client.views_publish(user_id=given["member"], view=home)
    assert published["view"]["type"] == "home" and published["view"]["hash"], published.data


def files(ts):
    answer = client.files_upload_v2(
        channel=channel, thread_ts=ts, filename="build.log", title="Build 7", content="one\ntwo\n",
        initial_comment="The whole log")
    assert answer["files"][0]["title"] == "Build 7", answer.data
    shared = client.conversations_replies(channel=channel, ts=ts)["messages"][-1]
    assert shared["text"] == "The whole log" and shared["files"][0]["size"] == 8, shared


def refusals():
    stranger = WebClient(token="xoxb-somebody", base_url=given["url"] + "/api/")
    return {
        "token": error_of(stranger.auth_test),
        "private": error_of(client.chat_postMessage, channel=given["private"], text="x"),
        "outside": error_of(client.chat_postMessage, channel=given["random"], text="x"),
        "empty": error_of(client.chat_postMessage, channel=channel, text=""),
        "blocks": error_of(client.chat_postMessage, channel=channel, text="x", blocks=[{"type": "sofa"}]),
        "gone": error_of(client.chat_update, channel=channel, ts="1700000000.000000", text="x"),
        "trigger": error_of(client.views_open, trigger_id=given["triggers"][0], view={
            "type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": []}),
        "history": error_of(client.conversations_history, channel=given["random"]),
        "user": error_of(client.users_info, user="U0NOBODY"),
        "code": error_of(client.openid_connect_token, client_id="1.2", client_secret="x", code="y"),
    }


def patience():
    """The caller makes the next post fail with 429; the client waits as long as it is told, and succeeds."""
    patient = WebClient(
        token=given["token"], base_url=given["url"] + "/api/",
        retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=1)])
    try:
        client.chat_postMessage(channel=channel, text="limited")
    except SlackApiError as refusal:
        status, wait = refusal.response.status_code, refusal.response.headers["retry-after"]
    patient.chat_postMessage(channel=channel, text="limited")
    return [status, wait]


ts = messages()
names = pages()
people()
views()
files(ts)
json.dump({"ts": ts, "names": names, "refusals": refusals(), "patience": patience()}, sys.stdout)
