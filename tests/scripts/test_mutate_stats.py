"""scripts/mutate-stats: which changes it makes, and how it counts them."""

import subprocess
import tempfile
import unittest

import script

mutate_stats = script.load("mutate-stats")


def results(code):
    return {code[:start] + replacement + code[end:] for start, end, replacement in mutate_stats.changes(code)}


class Changes(unittest.TestCase):
    def test_of_operators(self):
        self.assertEqual(results("a < b"), {"a <= b", "a >= b"})
        self.assertEqual(results("a += b"), {"a -= b"})
        self.assertEqual(results("a && b"), {"a || b"})
        self.assertEqual(results("std::min(a, b)"), {"std::max(a, b)"})

    def test_of_constants(self):
        self.assertEqual(results("x[2]"), {"x[3]", "x[1]"})
        self.assertEqual(results("x[0]"), {"x[1]"})
        self.assertEqual(results("f(0.5)"), {"f(1.0)"})
        self.assertEqual(results("f(1e-3)"), {"f(0.002)"})

    def test_of_conditions(self):
        self.assertEqual(results("if (f(a) ? b : c) d"), {"if (!(f(a) ? b : c)) d"})

    def test_of_statements(self):
        self.assertEqual(results("    f(a);"), {""})
        self.assertEqual(results("    a = b;"), {""})
        self.assertEqual(results("    ++a;"), {""})

    def test_not_of_declarations_templates_and_names(self):
        for code in ("    const int a = b;", "    double a = b;", "std::vector<double> a", "    return a;", "x86"):
            self.assertEqual(results(code), set(), code)

    def test_not_of_comments_texts_and_directives(self):
        with tempfile.NamedTemporaryFile("w", suffix=".cpp") as file:
            file.write('#include "a1.hpp"\n// 1 < 2\nf("1 + 1", \'1\');\n')
            file.flush()
            source = mutate_stats.pathlib.Path(file.name)
            self.assertEqual(list(mutate_stats.mutants_of(source)), [])


class Command(unittest.TestCase):
    def run_script(self, *arguments):
        return subprocess.run([script.path_of("mutate-stats"), *arguments], capture_output=True, text=True)

    def test_lists_a_sample_that_is_the_same_for_the_same_seed(self):
        listed = self.run_script("--list", "--sample", "5", "--seed", "3")
        self.assertEqual(listed.returncode, 0)
        self.assertEqual(listed.stdout.count("analysis/stats/"), 5)
        self.assertEqual(self.run_script("--list", "--sample", "5", "--seed", "3").stdout, listed.stdout)
        self.assertNotEqual(self.run_script("--list", "--sample", "5", "--seed", "4").stdout, listed.stdout)

    def test_tells_what_it_cannot_do(self):
        self.assertEqual(self.run_script("--sample", "0").returncode, 64)
        self.assertEqual(self.run_script("--nonsense").returncode, 64)
        missing = self.run_script("--file", "missing.cpp", "--list")
        self.assertEqual(missing.returncode, 1)
        self.assertIn("missing.cpp", missing.stderr)


if __name__ == "__main__":
    unittest.main()
