#!/usr/bin/env python3
"""The units' own page (ui/dist/unit.html) is made for telephones on thin lines: everything that it loads, compressed, may weigh
150 kB. usage: check-unit-page.py [DIST]. Follows what the built files name, whether loaded at once or later."""
import gzip, pathlib, re, sys

MOST = 150_000
dist = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "ui/dist")
page = dist / "unit.html"
if not page.exists():
    sys.exit(f"{page} is missing: tools/build-ui.sh makes it")
assets = {path.name: path for path in dist.rglob("*") if path.is_file() and path.suffix != ".html"}
found, waiting = {}, [page]
while waiting:
    path = waiting.pop()
    if path in found:
        continue
    content = path.read_bytes()
    found[path] = len(gzip.compress(content, 9, mtime=0))
    if path.suffix in (".html", ".js", ".css"):
        text = content.decode()
        waiting += [asset for name, asset in assets.items() if re.search(r"[\"'(/]" + re.escape(name), text)]
total = sum(found.values())
if total > MOST or not any(path.suffix == ".js" for path in found):
    for path, size in sorted(found.items(), key=lambda item: -item[1]):
        print(f"{size:8} {path.relative_to(dist)}")
    sys.exit(f"the units' page weighs {total} bytes compressed; it may weigh {MOST}")
print(f"the units' page: {total} bytes compressed in {len(found)} files")
