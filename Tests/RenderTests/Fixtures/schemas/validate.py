"""Checks Kubernetes objects against published schemas.

Standard input: a JSON array of {"name", "versions": ["1.25", …], "objects": […]}.
Standard output: a JSON array of sentences, one for each object and version that is wrong.

Kubernetes' own kinds are judged by kubernetes-validate (strict), cert-manager's and the Prometheus Operator's by models
that were generated from their CRDs; for the others there are schemas beside this file.
"""

import functools
import importlib
import json
import pathlib
import sys

import jsonschema
import kubernetes_validate
from kubernetes_validate import utils

# Reading the definitions of a version takes longer than judging an object by them.
utils.schema_contents = functools.lru_cache(maxsize=None)(utils.schema_contents)

MODELS = {
    "cert-manager.io/v1": "cloudcoil.models.cert_manager.v1",
    "monitoring.coreos.com/v1": "cloudcoil.models.prometheus_operator.v1",
}

WRITTEN = {}
for file in pathlib.Path(__file__).parent.glob("*.json"):
    for kind, schema in json.loads(file.read_text()).items():
        if kind != "$comment":
            WRITTEN[(schema["properties"]["apiVersion"]["const"], kind)] = jsonschema.Draft202012Validator(schema)


def unknown(given, known, path):
    """Models ignore what they do not know: those are the members that are not in `known`."""
    if isinstance(given, dict) and isinstance(known, dict):
        for key, value in given.items():
            if key not in known:
                yield f"{path}.{key} is unknown"
            else:
                yield from unknown(value, known[key], f"{path}.{key}")
    elif isinstance(given, list) and isinstance(known, list):
        for index, (one, other) in enumerate(zip(given, known)):
            yield from unknown(one, other, f"{path}[{index}]")


def problems(item, version):
    group, kind = item["apiVersion"], item["kind"]
    if (group, kind) in WRITTEN:
        return [error.message for error in WRITTEN[(group, kind)].iter_errors(item)]
    if group in MODELS:
        model = getattr(importlib.import_module(MODELS[group]), kind)
        try:
            known = model.model_validate(item).model_dump(mode="json", by_alias=True, exclude_unset=True)
        except ValueError as error:
            return [str(error)]
        return list(unknown(item, known, kind))
    try:
        kubernetes_validate.validate(item, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        return [f"{'.'.join(map(str, error.path))}: {error.message}"]
    except kubernetes_validate.SchemaNotFoundError as error:
        return [error.message]
    return []


found = []
for case in json.load(sys.stdin):
    for version in case["versions"]:
        for item in case["objects"]:
            for problem in problems(item, version):
                name = item["metadata"]["name"]
                found.append(f"{case['name']}, Kubernetes {version}, {item['kind']} {name}: {problem}"[:1000])
json.dump(found, sys.stdout)
