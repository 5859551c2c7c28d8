"""Reads {"schema": ..., "documents": [TOML, ...]} and prints a line for each document: what is wrong with it
according to the schema, or nothing."""

import json
import sys
import tomllib

import jsonschema

work = json.load(sys.stdin)
jsonschema.Draft7Validator.check_schema(work["schema"])
validator = jsonschema.Draft7Validator(work["schema"])
for text in work["documents"]:
    errors = sorted(validator.iter_errors(tomllib.loads(text)), key=lambda error: error.json_path)
    print("; ".join(f"{error.json_path}: {error.message}" for error in errors).replace("\n", " "))
