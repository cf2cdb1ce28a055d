"""scripts/lint-prose finds long sentences of Markdown, and counts no code."""

import unittest

import script

lint_prose = script.load("lint-prose")


def lengths(text):
    return [(line, len(words)) for line, words in lint_prose.sentences(text)]


class Sentences(unittest.TestCase):
    def test_end_at_stops_and_at_colons_but_not_within_a_number_or_name(self):
        self.assertEqual(lengths("One two. Three four five? Six: seven eight."), [(1, 2), (1, 3), (1, 1), (1, 2)])
        self.assertEqual(lengths("It takes 1.5 s. The file a.cpp has it, e.g. here."), [(1, 4), (1, 7)])

    def test_go_over_lines_and_end_with_their_paragraph(self):
        self.assertEqual(lengths("One\ntwo\n\nthree\n"), [(1, 2), (4, 1)])

    def test_begin_anew_with_each_item_heading_and_cell(self):
        self.assertEqual(lengths("# One two\n- three\n- four\n  five\n"), [(1, 2), (2, 1), (3, 2)])
        self.assertEqual(lengths("| one two | three |\n|---|---|\n  | four | |\n"), [(1, 2), (1, 1), (3, 1)])

    def test_have_no_blocks_of_code_in_them(self):
        self.assertEqual(lengths("One.\n\n    code of many words\n\nTwo.\n"), [(1, 1), (5, 1)])
        self.assertEqual(lengths("One.\n```\ncode of many\n```\nTwo.\n"), [(1, 1), (5, 1)])
        self.assertEqual(lengths("<!-- a comment\nof two lines -->\nOne.\n"), [(3, 1)])

    def test_count_code_and_the_text_of_a_link_but_not_its_target(self):
        self.assertEqual(lengths("Run `a b c` now"), [(1, 3)])
        self.assertEqual(lengths("See [the gate](docs/gate.md) now"), [(1, 4)])

    def test_of_indented_continuations_are_text(self):
        self.assertEqual(lengths("- one\n      two\n"), [(1, 2)])


if __name__ == "__main__":
    unittest.main()
