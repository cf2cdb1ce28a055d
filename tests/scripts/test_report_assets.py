"""scripts/cmake/AsyncbenchReportAssets.cmake: what a build says without the npm packages, and what makes it join anew."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(assets LANGUAGES NONE)
list(APPEND CMAKE_MODULE_PATH ${PROJECT_SOURCE_DIR}/scripts/cmake)
add_custom_target(asyncbench_reports)
include(AsyncbenchReportAssets)
"""
PACKAGES = ("vega", "vega-lite", "vega-embed")


class ReportAssets(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="assets with a space ")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for part in ("scripts/cmake", "scripts/web", "reports/html", "reports/charts"):
            shutil.copytree(ROOT / part, self.root / part)
        (self.root / "CMakeLists.txt").write_text(PROJECT)
        for package in PACKAGES:
            self.npm_file(package).parent.mkdir(parents=True)
            self.npm_file(package).write_text(f"// {package}\n")

    def npm_file(self, package):
        return self.root / f"reports/web/node_modules/{package}/build/{package}.min.js"

    def configure(self):
        command = ["cmake", "-G", "Ninja", "-S", self.root, "-B", self.root / "build"]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def join(self):
        """What ninja says of joining the page's parts: it has to be done, or there is nothing to do."""
        command = ["ninja", "-C", self.root / "build", "page_assets/page.js"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def test_names_scripts_setup_for_each_package_that_is_missing(self):
        for package in PACKAGES:
            self.npm_file(package).rename(self.root / "kept")
            done = self.configure()
            self.assertNotEqual(done.returncode, 0, package)
            words = " ".join(done.stderr.split())
            self.assertIn(f"{package}.min.js, which draws the reports' charts, is missing", words)
            self.assertIn("Run scripts/setup", words)
            (self.root / "kept").rename(self.npm_file(package))

    def test_are_joined_anew_when_a_part_changes_and_only_then(self):
        self.assertEqual(self.configure().returncode, 0)
        self.assertIn("Joining", self.join())
        self.assertIn("no work to do", self.join())
        for part in ("html/unpack.js", "html/page.css", "charts/ratios.vl.json", "web/node_modules/vega/build/vega.min.js"):
            with open(self.root / "reports" / part, "a", encoding="utf-8") as file:
                file.write("\n")
            self.assertIn("Joining", self.join(), part)
        with open(self.root / "reports/html/live.js", "a", encoding="utf-8") as file:
            file.write("\n")
        self.assertIn("no work to do", self.join())
        (self.root / "reports/charts/another.vl.json").write_text("{}")
        self.assertIn("Joining", self.join())
        self.assertIn('"another":{}', (self.root / "build/page_assets/drawing.js").read_text())


if __name__ == "__main__":
    unittest.main()
