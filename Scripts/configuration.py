#!/usr/bin/env python3
"""Writes Schemas/broker.xsd and the tables of Docs/Configuration.md anew, from what `tessera config` says (build it before)."""

import os
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.join(ROOT, ".build", "debug", "tessera")
PAGE = os.path.join(ROOT, "Docs", "Configuration.md")


def said(command):
    """What `tessera config COMMAND` prints."""
    return subprocess.run([PROGRAM, "config", command], check=True, capture_output=True, text=True).stdout


def main():
    with open(os.path.join(ROOT, "Schemas", "broker.xsd"), "w", encoding="utf-8") as file:
        file.write(said("schema"))
    tables = said("reference")
    begin, end = tables.splitlines()[0], tables.splitlines()[-1]
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    before, rest = page.split(begin, 1)
    behind = rest.split(end + "\n", 1)[1]
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(before + tables + behind)


if __name__ == "__main__":
    main()
