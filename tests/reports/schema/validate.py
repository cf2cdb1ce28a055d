#!/usr/bin/python3
"""validate.py SCHEMA DOCUMENT...: a line for each document: "valid", or "invalid" and why.

The schemas beside SCHEMA are known by their $id, so that it may refer to them.
"""
import json
import pathlib
import sys

import jsonschema

path = pathlib.Path(sys.argv[1])
known = [json.loads(each.read_text(encoding="utf-8")) for each in path.parent.glob("*.schema.json")]
schema = json.loads(path.read_text(encoding="utf-8"))
jsonschema.Draft202012Validator.check_schema(schema)


def join(base, reference):
    """urljoin() knows no urn."""
    return base.split("#")[0] + reference if reference.startswith("#") else reference


resolver = jsonschema.RefResolver.from_schema(schema, store={each["$id"]: each for each in known}, urljoin_cache=join)
validator = jsonschema.Draft202012Validator(schema, resolver=resolver)
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        error = next(validator.iter_errors(json.load(file)), None)
    print("valid" if error is None else f"invalid {error.json_path} {error.message[:100]!r}")
