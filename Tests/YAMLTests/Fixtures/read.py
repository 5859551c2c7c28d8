"""Reads a JSON array of YAML texts on standard input and prints, one line each, the value as JSON or “refused”."""
import json
import re
import sys

import yaml


class Core(yaml.SafeLoader):
    """PyYAML with the core schema of YAML 1.2 instead of 1.1's types."""


Core.yaml_implicit_resolvers = {}
Core.yaml_constructors = dict(yaml.SafeLoader.yaml_constructors)


def resolver(tag, pattern, construct):
    Core.add_implicit_resolver("!" + tag, re.compile(pattern), None)
    Core.add_constructor("!" + tag, lambda loader, node: construct(loader.construct_scalar(node)))


resolver("null", r"^(?:null|Null|NULL|~|)$", lambda text: None)
resolver("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", lambda text: text.lower() == "true")
resolver("int", r"^(?:[-+]?[0-9]+)$", int)
resolver("oct", r"^(?:0o[0-7]+)$", lambda text: int(text[2:], 8))
resolver("hex", r"^(?:0x[0-9a-fA-F]+)$", lambda text: int(text[2:], 16))
resolver("float", r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$", float)


def pairs(loader, node):
    result = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value in result or (key.style is None and key.value == "<<"):
            raise ValueError("key")
        result[key.value] = loader.construct_object(value, deep=True)
    return result


Core.add_constructor("tag:yaml.org,2002:map", pairs)

for text in json.load(sys.stdin):
    try:
        print(json.dumps(yaml.load(text, Core)))
    except Exception:
        print("refused")
