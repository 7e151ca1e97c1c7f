#!/usr/bin/env python3
"""Fails when a package of ui/package-lock.json excludes Debian 12's Node by its `engines`. usage: check-engines.py

A package may stand in SHOWN_TO_WORK, with the reason, when it says so but works all the same.
"""
import json, pathlib, re, sys

NODE = (18, 20, 4)
SHOWN_TO_WORK = {
    "@vueuse/core": "bundled by Element Plus for the browser, never run by Node",
    "@vueuse/metadata": "the same",
    "@vueuse/shared": "the same",
}


def parse(version):
    numbers = [int(part) for part in re.findall(r"\d+", version.split("-")[0])][:3]
    return tuple(numbers + [0] * (3 - len(numbers))), len(numbers)


def fits(comparator):
    """Whether NODE fits one comparator of a range, like ^20.19.0, >=18, 18 || …, 20.x."""
    match = re.fullmatch(r"(\^|~|>=|<=|>|<|=)?v?([\dx*.]*)(-.*)?", comparator)
    if match is None:
        raise ValueError(comparator)
    operator, text = match.group(1) or "=", match.group(2)
    if text in ("", "*", "x"):
        return True
    version, count = parse(text.replace(".x", "").replace(".*", ""))
    if operator == "=":
        return NODE[:count] == version[:count]
    if operator == "^":
        return NODE[0] == version[0] and NODE >= version
    if operator == "~":
        return NODE[:2] == version[:2] and NODE >= version
    return {">=": NODE >= version, "<=": NODE <= version, ">": NODE > version, "<": NODE < version}[operator]


def allows(wanted):
    for alternative in wanted.split("||"):
        alternative = re.sub(r"(\^|~|>=|<=|>|<|=)\s+", r"\1", alternative.strip())
        if all(fits(comparator) for comparator in alternative.split()):
            return True
    return False


def main():
    lock = json.loads((pathlib.Path(__file__).parent.parent / "ui/package-lock.json").read_text())
    excluded, used = [], set()
    for path, package in lock["packages"].items():
        name = path.rpartition("node_modules/")[2]
        wanted = package.get("engines", {}).get("node") if isinstance(package.get("engines"), dict) else None
        if wanted is None or allows(wanted):
            continue
        if name in SHOWN_TO_WORK:
            used.add(name)
        else:
            excluded.append(f"{name} {package.get('version')} wants Node {wanted}")
    for idle in set(SHOWN_TO_WORK) - used:
        excluded.append(f"{idle} stands in SHOWN_TO_WORK, and needs it no longer")
    print("\n".join(excluded) or f"check-engines: {len(lock['packages'])} packages run on Node {'.'.join(map(str, NODE))}")
    sys.exit(bool(excluded))


main()
