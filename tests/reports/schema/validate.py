#!/usr/bin/python3
"""validate.py SCHEMA DOCUMENT...: a line for each document: "valid", or "invalid" and why."""
import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        error = next(validator.iter_errors(json.load(file)), None)
    print("valid" if error is None else f"invalid {error.json_path} {error.message[:100]!r}")
