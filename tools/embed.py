#!/usr/bin/env python3
"""Puts the front end's files into the program. usage: embed.py DIST OPENAPI OUT_ASSEMBLY OUT_TABLE

Writes an assembly file that takes each file in as it is (and compressed, where that is smaller), and a C table of them
(src/web/pages.h). Says what to do when the front end has not been built. Files that would not change are left alone.
"""
import gzip, hashlib, os, pathlib, re, sys

TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".json": "application/json",
         ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon", ".webmanifest": "application/manifest+json",
         ".mp3": "audio/mpeg", ".wav": "audio/wav", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8"}


def write_changed(path, text):
    path = pathlib.Path(path)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def main():
    dist, openapi, assembly, table = map(pathlib.Path, sys.argv[1:5])
    if not (dist / "index.html").exists():
        sys.exit(f"{dist}/index.html is missing: tools/build-ui.sh makes it")
    files = [("/" + str(path.relative_to(dist)), path) for path in sorted(dist.rglob("*")) if path.is_file()]
    files.append(("/api/v1/openapi.json", openapi))
    room = assembly.parent / "pages"
    room.mkdir(exist_ok=True)
    sections = ['    .section .rodata\n']
    rows, externs = [], []

    def take(label, path):
        sections.append(f'    .global {label}\n    .balign 16\n{label}:\n    .incbin "{os.path.abspath(path)}"\n'
                        f'    .global {label}_end\n{label}_end:\n    .byte 0\n')
        externs.append(f"extern const unsigned char {label}[], {label}_end[];\n")

    for number, (path, source) in enumerate(sorted(files)):
        content = source.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        copy = room / f"{digest}"
        copy.write_bytes(content) if not copy.exists() else None
        take(f"page_{number}", copy)
        packed = gzip.compress(content, 9, mtime=0)
        packed_label = "NULL, NULL"
        if len(packed) < len(content) * 9 // 10:
            packed_copy = room / f"{digest}.gz"
            packed_copy.write_bytes(packed) if not packed_copy.exists() else None
            take(f"page_{number}_gzip", packed_copy)
            packed_label = f"page_{number}_gzip, page_{number}_gzip_end"
        hashed = bool(re.search(r"-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$", path))
        media = TYPES.get(source.suffix, "application/octet-stream")
        rows.append(f'    {{"{path}", "{media}", "{digest[:32]}", {"true" if hashed else "false"}, page_{number}, '
                    f'page_{number}_end, {packed_label}}},\n')
    sections.append('    .section .note.GNU-stack,"",%progbits\n')
    write_changed(assembly, "".join(sections))
    write_changed(table, '/* Made by tools/embed.py. */\n#include "web/pages.h"\n\n' + "".join(externs)
                  + "\nconst struct page_file page_files[] = {\n" + "".join(rows) + "};\n"
                  + "const size_t page_file_count = sizeof page_files / sizeof page_files[0];\n")


main()
