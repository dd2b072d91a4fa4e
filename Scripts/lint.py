#!/usr/bin/env python3
"""Checks the rules of the house; prints every finding as `file:line: message` and leaves with 1 if there is one.

    Scripts/lint.py            all checks
    Scripts/lint.py --format   formats the Swift sources in place instead
"""

import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET_LIST = "Docs/targets.txt"
SWIFT_FOLDERS = ("Sources/", "Tests/", "Adapters/", "Plugins/", "Benchmarks/")
LONGEST_FILE = 400
COUNTED = (".swift", ".py", ".c", ".h", ".cc", ".sh")

# Pure targets and everything that generated code stands on: their behaviour must not depend on Foundation.
WITHOUT_FOUNDATION = {
    "CDR", "GIOPCore", "ORBCore", "IIOPTransport", "CosNamingService", "IDLCompiler", "idl2swift",
    "Identity", "Mapping", "CRMCore", "Broker", "StoreAPI",
}
FOUNDATION = {"Foundation", "FoundationEssentials", "FoundationInternationalization", "FoundationNetworking", "FoundationXML"}
TOOLCHAIN = {"Swift", "Synchronization", "Glibc", "Dispatch", "PackagePlugin", "_Concurrency", "RegexBuilder"}

IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:struct|class|enum|protocol|typealias|func|var|let)\s+)?(\w+)"
)
# Written in two parts, so that this file does not find itself.
FORBIDDEN_TEXT = (
    (re.compile(r"\b(TO" r"DO|FIX" r"ME)\b"), "unfinished work is an issue, not a comment"),
    (re.compile(r"(?<![\w.~$})-])/(wo" r"rk|ro" r"ot|ho" r"me)/\w"), "an absolute path of one machine"),
)
NEVER_TRACKED = re.compile(r"(^|/)(Package\.resolved|\.build[^/]*|\.venv|__pycache__|tessera-data)(/|$)")


class Findings:
    """Collects findings; prints them sorted by place."""

    def __init__(self):
        self.found = []

    def add(self, file, line, message):
        self.found.append((file, line, message))

    def print_all(self):
        for file, line, message in sorted(self.found):
            print(f"{file}:{line}: {message}")


def files_of_repository():
    """Every file that is tracked, or would be by `git add .`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], check=True, capture_output=True, text=True
    )
    return sorted({name for name in listed.stdout.split("\0") if name and os.path.isfile(name)})


def is_golden(file):
    """Golden files are output of our tools, kept to be compared with."""
    return re.search(r"(^|/)Goldens?/", file) is not None


def lines_of(file):
    """The lines of a text file; none if it is not UTF-8."""
    with open(file, "rb") as handle:
        try:
            return handle.read().decode("utf-8").splitlines()
        except UnicodeDecodeError:
            return []


def swift_sources(files):
    return [f for f in files if f.endswith(".swift") and (f == "Package.swift" or f.startswith(SWIFT_FOLDERS)) and not is_golden(f)]


def check_texts(files, findings):
    for file in files:
        if NEVER_TRACKED.search(file):
            findings.add(file, 1, "must not be tracked")
            continue
        lines = lines_of(file)
        if file.endswith(COUNTED) and len(lines) > LONGEST_FILE and not is_golden(file):
            findings.add(file, LONGEST_FILE + 1, f"the file has {len(lines)} lines, the limit is {LONGEST_FILE}")
        for number, line in enumerate(lines, 1):
            for pattern, why in FORBIDDEN_TEXT:
                match = pattern.search(line)
                if match:
                    findings.add(file, number, f"'{match.group(0)}': {why}")


def read_target_list(findings):
    """`Target: Dep Dep` by target, each with its line; a `#` line is a comment."""
    listed = {}
    for number, line in enumerate(lines_of(TARGET_LIST), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, dependencies = line.partition(":")
        if not colon or name in listed:
            findings.add(TARGET_LIST, number, f"'{line}' is not `Target: Dependency …`, or lists a target twice")
            continue
        for dependency in dependencies.split():
            # A name that is no target at all is a package's product: Package.swift is compared with it below.
            if dependency == name:
                findings.add(TARGET_LIST, number, f"{name} depends on itself")
        listed[name] = (number, dependencies.split())
    for name, (number, dependencies) in listed.items():
        for dependency in dependencies:
            if dependency in listed and listed[dependency][0] > number:
                findings.add(TARGET_LIST, number, f"{name} depends on {dependency}, which stands below it")
    return listed


def folder_of(target):
    """Where SwiftPM looks for the sources of a target."""
    parent = {"plugin": "Plugins", "test": "Tests"}.get(target["type"], "Sources")
    return target.get("path") or f"{parent}/{target['name']}"


def check_targets(files, findings):
    """Package.swift, Docs/targets.txt and the imports say the same."""
    dumped = subprocess.run(["swift", "package", "dump-package"], capture_output=True, text=True)
    if dumped.returncode != 0:
        findings.add("Package.swift", 1, f"swift package dump-package fails: {dumped.stderr.strip()}")
        return
    listed = read_target_list(findings)
    manifest = lines_of("Package.swift")
    targets = [t for t in json.loads(dumped.stdout)["targets"] if t["type"] != "test" and not folder_of(t).startswith("Tests/")]
    for target in targets:
        name = target["name"]
        at = next((n for n, line in enumerate(manifest, 1) if f'name: "{name}"' in line), 1)
        if name not in listed:
            findings.add("Package.swift", at, f"target {name} has no line in {TARGET_LIST}")
            continue
        declared = {(d.get("byName") or d.get("target") or d.get("product"))[0] for d in target["dependencies"]}
        number, allowed = listed[name]
        for dependency in sorted(declared - set(allowed)):
            findings.add("Package.swift", at, f"{name} depends on {dependency}, which {TARGET_LIST}:{number} does not allow")
        for dependency in sorted(set(allowed) - declared):
            findings.add(TARGET_LIST, number, f"{name} does not depend on {dependency} in Package.swift")
        check_imports(name, folder_of(target), set(allowed), files, findings)
    names = {t["name"] for t in targets}
    for name, (number, _) in listed.items():
        if name not in names:
            findings.add(TARGET_LIST, number, f"no target {name} in Package.swift")


def check_imports(name, folder, allowed, files, findings):
    allowed = allowed | TOOLCHAIN | (set() if name in WITHOUT_FOUNDATION else FOUNDATION)
    for file in files:
        if not file.startswith(folder + "/") or not file.endswith(".swift"):
            continue
        for number, line in enumerate(lines_of(file), 1):
            match = IMPORT.match(line)
            if match and match.group(1) not in allowed:
                findings.add(file, number, f"target {name} may not import {match.group(1)}")


def check_adapters(files, findings):
    """An adapter hands records on: no data field of its system's IDL is named in its sources, mapping files name them."""
    for idl in [file for file in files if re.fullmatch(r"Adapters/\w+/IDL/\w+\.idl", file)]:
        text = re.sub(r"/\*.*?\*/|//[^\n]*", "", "\n".join(lines_of(idl)), flags=re.S)
        members = set()
        for body in re.findall(r"\b(?:struct|exception)\s+\w+\s*\{(.*?)\}", text, flags=re.S):
            members |= {declaration.split()[-1] for declaration in body.split(";") if declaration.strip()}
        camel = {re.sub(r"_(\w)", lambda found: found.group(1).upper(), member) for member in members}
        named = re.compile(r"\b(" + "|".join(sorted(members | camel)) + r")\b")
        folder = idl.split("/IDL/")[0] + "/Adapter/"
        for file in [file for file in files if file.startswith(folder) and file.endswith(".swift")]:
            for number, line in enumerate(lines_of(file), 1):
                if match := named.search(line):
                    findings.add(file, number, f"'{match.group(0)}' is a data field of {idl}: only mapping files name it")


def check_format(files, findings):
    sources = swift_sources(files)
    linted = subprocess.run(["swift", "format", "lint", "--strict", "--parallel", *sources], capture_output=True, text=True)
    reported = False
    for line in linted.stderr.splitlines():
        match = re.match(r"(.+?):(\d+):\d+: (?:error|warning): (.*)", line)
        if match:
            reported = True
            findings.add(os.path.relpath(match.group(1), ROOT), int(match.group(2)), match.group(3))
    if linted.returncode != 0 and not reported:
        findings.add("Package.swift", 1, f"swift format fails: {linted.stderr.strip()}")


def main():
    os.chdir(ROOT)
    files = files_of_repository()
    if sys.argv[1:] == ["--format"]:
        sys.exit(subprocess.run(["swift", "format", "--in-place", "--parallel", *swift_sources(files)]).returncode)
    if sys.argv[1:]:
        sys.exit(__doc__)
    findings = Findings()
    check_texts(files, findings)
    check_targets(files, findings)
    check_adapters(files, findings)
    check_format(files, findings)
    findings.print_all()
    print(f"lint: {len(files)} files, {len(findings.found)} findings")
    sys.exit(1 if findings.found else 0)


if __name__ == "__main__":
    main()
