#!/usr/bin/python3
"""read.py FILE: what a reader of JUnit XML makes of it, a line for each test case, after those of wrong shape."""
import sys
import xml.etree.ElementTree as ElementTree

OUTCOMES = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def outcome_of(case):
    return next((child.tag for child in case if child.tag in OUTCOMES), "passed")


def check_counts(element):
    cases = list(element.iter("testcase"))
    counted = {"tests": len(cases)}
    for tag, attribute in OUTCOMES.items():
        counted[attribute] = sum(outcome_of(case) == tag for case in cases)
    for attribute, count in counted.items():
        if element.get(attribute) != str(count):
            print(f"wrong: {element.get('name')} says {attribute}={element.get(attribute)}, and holds {count}")


root = ElementTree.parse(sys.argv[1]).getroot()
if root.tag != "testsuites" or float(root.get("time")) < 0:
    print(f"wrong: the root is {root.tag}")
check_counts(root)
for suite in root:
    check_counts(suite)
    for case in suite:
        if case.tag != "testcase" or case.get("classname") != suite.get("name") or not case.get("name"):
            print(f"wrong: {ElementTree.tostring(case)}")
        message = next((child.get("message") for child in case if child.tag in OUTCOMES), "")
        print(f"{outcome_of(case)} {suite.get('name')} / {case.get('name')}: {message}")
