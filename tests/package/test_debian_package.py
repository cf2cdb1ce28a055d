"""The Debian packages that `cpack` makes: they install, work and go again."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import asyncbench


def do(*command, **options):
    process = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if process.returncode != 0:
        raise AssertionError(f"{command} failed:\n{process.stdout}{process.stderr}")
    return process.stdout


class DebianPackages(unittest.TestCase):
    """Below a root of their own, with a package database of their own: this machine's packages stay as they are."""

    @classmethod
    def setUpClass(cls):
        cls._directory = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls._directory.name)
        do("cpack", "--config", asyncbench.BUILD_DIR / "CPackConfig.cmake", "-B", cls.folder, cwd=cls.folder)
        cls.packages = {path.name.split("_")[0]: path for path in cls.folder.glob("*.deb")}
        cls.root = cls.folder / "root"
        for name in ("info", "updates"):
            (cls.root / "var/lib/dpkg" / name).mkdir(parents=True)
        (cls.root / "var/lib/dpkg/status").touch()
        # What they depend on is this machine's.
        cls.dpkg("--install", *cls.packages.values())

    @classmethod
    def tearDownClass(cls):
        cls._directory.cleanup()

    @classmethod
    def dpkg(cls, *arguments):
        return do("dpkg", f"--root={cls.root}", "--force-depends", "--force-not-root", "--no-triggers",
                  f"--log={cls.folder / 'log'}", *arguments)  # fmt: skip

    def test_1_are_the_program_and_what_builds_with_it(self):
        self.assertEqual(set(self.packages), {"asyncbench", "libasyncbench-dev"})
        depends = do("dpkg-deb", "--field", self.packages["asyncbench"], "Depends")
        self.assertIn("libcurl4", depends)

    def test_2_have_a_program_that_finds_its_scenarios(self):
        listed = do(self.root / "usr/bin/asyncbench", "list", "scenarios")
        self.assertIn("gateway-fan-out", listed)

    def test_3_have_the_man_page_and_completions(self):
        for path in ("man/man1/asyncbench.1", "bash-completion/completions/asyncbench",
                     "zsh/vendor-completions/_asyncbench", "fish/vendor_completions.d/asyncbench.fish"):
            self.assertTrue(list((self.root / "usr/share").glob(path + "*")), path)

    def test_4_have_a_library_that_is_found(self):
        project = self.folder / "project"
        project.mkdir()
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(found LANGUAGES CXX)\nfind_package(asyncbench REQUIRED)\n")
        do("cmake", "-S", project, "-B", project / "build", "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.root / 'usr'}")

    def test_5_leave_nothing_behind(self):
        self.dpkg("--remove", "asyncbench", "libasyncbench-dev")
        left = [path for path in (self.root / "usr").rglob("*") if "asyncbench" in path.name] if os.path.isdir(
            self.root / "usr") else []  # fmt: skip
        self.assertEqual(left, [])


if __name__ == "__main__":
    unittest.main()
