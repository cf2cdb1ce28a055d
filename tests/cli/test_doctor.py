"""`asyncbench doctor`, with fewer CPUs than the machine has."""

import os
import unittest

import asyncbench


def doctor(**options):
    """{what was looked at: (mark, what was found)}"""
    process = asyncbench.run(asyncbench.EXECUTABLE, "doctor", **options)
    facts = {}
    for line in process.stdout.splitlines():
        if line[:7].strip():
            facts[line[8:32].strip()] = (line[:7].strip(), line[33:].strip())
    return facts


@unittest.skipIf(os.cpu_count() < 2, "there is one CPU alone")
class Doctor(unittest.TestCase):
    def test_counts_the_cpus_that_are_allowed(self):
        cpu = min(os.sched_getaffinity(0))
        facts = doctor(preexec_fn=lambda: os.sched_setaffinity(0, {cpu}))
        self.assertEqual(facts["CPUs"], ("SPOILS", f"1 allowed of {os.cpu_count()}"))

    def test_names_no_limit_where_all_are_allowed(self):
        if len(os.sched_getaffinity(0)) < os.cpu_count():
            self.skipTest("not all CPUs are allowed here")
        self.assertEqual(doctor()["CPUs"], ("ok", str(os.cpu_count())))


if __name__ == "__main__":
    unittest.main()
