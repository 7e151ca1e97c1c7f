#!/usr/bin/env python3
"""Counts test cases over one or more runs of `meson test`. usage: count-tests.py LABEL=FOLDER...

Reads FOLDER/meson-logs/testlog.json. A program that closes like cmocka ("[  PASSED  ] 7 test(s).") or with a line
"N passed, N failed" counts as that many cases, any other as one. A program that fails without naming a failed case
(a crash, a sanitizer's finding, a time-out) counts as one failed case besides those that it had passed.
One that was skipped (exit status 77) counts as nothing, and a line says so.

Prints one line a run, then the totals as "PASSED FAILED": a case that is in several runs counts once, and as failed
when it failed in any. Exits 1 when anything failed or nothing ran."""
import json
import re
import sys


def count(entry):
    if entry["result"] == "SKIP":  # it cannot run here, and says so by status 77
        return 0, 0
    output = (entry.get("stdout") or "") + "\n" + (entry.get("stderr") or "")
    passed = sum(int(n) for n in re.findall(r"^\[  PASSED  \] (\d+) test\(s\)", output, re.M))
    failed = sum(int(n) for n in re.findall(r"^\[  FAILED  \] (\d+) test\(s\)", output, re.M))
    if passed + failed == 0:
        plain = re.findall(r"^(\d+) passed, (\d+) failed", output, re.M)
        if plain:
            passed, failed = (int(n) for n in plain[-1])
    if passed + failed == 0:
        passed = len(re.findall(r"^\[       OK \]", output, re.M))
    if entry["result"] == "SKIP":
        return 0, 0
    if entry["result"] in ("OK", "EXPECTEDFAIL"):
        return (max(passed, 1) if failed == 0 else passed), failed
    return passed, max(failed, 1)


totals = {}
for argument in sys.argv[1:]:
    label, folder = argument.split("=", 1)
    run_passed = run_failed = 0
    with open(folder + "/meson-logs/testlog.json", encoding="utf-8") as log:
        for line in log:
            entry = json.loads(line)
            passed, failed = count(entry)
            run_passed += passed
            run_failed += failed
            old = totals.get(entry["name"], (passed, failed))
            totals[entry["name"]] = (min(old[0], passed), max(old[1], failed))
            if entry["result"] == "SKIP":
                print(f"{label}: skipped: {entry['name']}")
            if failed:
                print(f"{label}: FAILED: {entry['name']} ({entry['result']})")
    print(f"{label}: {run_passed} test cases passed, {run_failed} failed")
passed = sum(p for p, _ in totals.values())
failed = sum(f for _, f in totals.values())
print(passed, failed)
sys.exit(1 if failed or not passed else 0)
