"""Slack's own client checks and makes signatures. Exit status 77: slack_sdk is not installed.

Input: JSON with `secret`, `now` (seconds since 1970), `check` (a list of {body, timestamp, signature}) and `sign` (a list
of {body, timestamp}). Output: JSON with `valid`, a list of booleans, and `signatures`.
"""
import json
import sys

try:
    from slack_sdk.signature import SignatureVerifier
except ImportError:
    sys.exit(77)

given = json.load(sys.stdin)


class Clock:
    def now(self):
        return given["now"]


verifier = SignatureVerifier(given["secret"], clock=Clock())
json.dump({
    "valid": [verifier.is_valid(one["body"], one["timestamp"], one["signature"]) for one in given["check"]],
    "signatures": [
        verifier.generate_signature(timestamp=one["timestamp"], body=one["body"]) for one in given["sign"]],
}, sys.stdout)
