#!/usr/bin/env python3
"""print-digest.py OUTPUT NAME FILE…: a C header that defines NAME as the first 16 digits of the SHA-256 of the files, for what
depends on how they are written."""
import hashlib
import sys

digest = hashlib.sha256()
for path in sys.argv[3:]:
    with open(path, "rb") as file:
        digest.update(file.read())
with open(sys.argv[1], "w", encoding="utf-8") as out:
    out.write(f'#define {sys.argv[2]} "{digest.hexdigest()[:16]}"\n')
