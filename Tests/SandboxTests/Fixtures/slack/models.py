"""What the models of Slack's own client think of blocks and views. Exit status 77: slack_sdk is not installed.

Input: JSON with `blocks` and `views`, lists of objects. Output: JSON with a list for each: null where the models take it,
else why not.
"""
import json
import logging
import sys

try:
    from slack_sdk.errors import SlackObjectFormationError
    from slack_sdk.models.blocks import Block
    from slack_sdk.models.views import View
except ImportError:
    sys.exit(77)

# Models tell of types that they do not know in the log only.
logging.disable(logging.CRITICAL)


def judge(make):
    try:
        model = make()
        if model is None:
            return "unknown type"
        model.to_dict()
    except (SlackObjectFormationError, TypeError, ValueError, AttributeError, KeyError) as problem:
        return f"{type(problem).__name__}: {problem}"
    return None


given = json.load(sys.stdin)
json.dump({
    "blocks": [judge(lambda: Block.parse(one)) for one in given["blocks"]],
    "views": [judge(lambda: View(**one)) for one in given["views"]],
}, sys.stdout)
