#!/usr/bin/env python3
"""Whatever a model writes, an independent Markdown reader (markdown-it, which editors use) finds nothing active in what is shown: no
image, no HTML, no link but to public pages of the web. Texts are put together at random, always the same, from what such readers
stumble over; the same texts, not written anew, are full of it."""
import json
import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import BINARY, check, tap  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
TOOL = os.path.join(os.path.dirname(BINARY), 'tests', 'tools', 'check_report')
BAD = ['command:run', 'javascript:alert(1)', 'https://user@evil.example.com/', 'http://127.0.0.1/x', 'http://localhost:80', '//evil.example.com/x',
       'vscode://x/y', 'file:///etc/passwd', 'data:text/html,x', 'http://2130706433/', 'http://[::1]/', 'http://10.0.0.1', '../../x',
       'http://0x7f.1/', 'HTTP://LOCALHOST/', 'http://evil.example.com\\@127.0.0.1/', '&#99;ommand:x', 'co&#109;mand:x', 'http://intranet/']
GOOD = ['https://www.postgresql.org/docs/', 'http://example.com/a_b?c=d&e=f', 'https://a.example.org:8443/x']
FRAMES = ['![a](%s)', '[a](%s)', '[a](<%s>)', '[a]( %s "t")', '![a][r]', '[r]', '[a][r]', '[r]: %s', '[r]: <%s>', '<%s>', '<img src="%s">',
          '<a href="%s">x</a>', '%s', '<script>x</script>', '<!-- x -->', '<iframe src=%s>', '[![i](%s)](%s)', '![a\n](%s)', '[a\nb](%s)',
          '[r]:\n%s', '<!--', '<?php', '<![CDATA[', '<details>', '</p>', '![`a`](%s)', '[`](%s)`', '![a]\n(%s)', '[a]\\(%s)', '\\![a](%s)', '\\\\![a](%s)']
AROUND = ['', '- ', '1. ', '> ', '    ', '\t', '  ', '* ', '10) ', '| ', '# ', '>> ', '- - ', '   > ', '- > ', '+ 1. ']
FENCES = ['```', '````', '~~~', '```sql', '``` js', '~~~~', '`````', '``', '`', '````x`', '``` `x`', '~~~ a`b']
BREAKS = ['\n', '\n', '\n\n', '\r', '\r\n', '\n\n\n', ' ', '', '\n    ', '\n  ', ' | ', '`', '*', '**', '\\', '\n---\n', '\n===\n', '\n|---|---|\n', '\u2028', '\x0b', '\x0c']


def text_of(chance):
    parts = []
    for _ in range(chance.randint(1, 12)):
        kind = chance.random()
        if kind < 0.55:
            frame = chance.choice(FRAMES)
            parts.append(chance.choice(AROUND) + frame.replace('%s', chance.choice(BAD if chance.random() < 0.8 else GOOD)))
        elif kind < 0.8:
            parts.append(chance.choice(AROUND) + chance.choice(FENCES))
        else:
            parts.append(chance.choice(['word', '`code`', '`a | b`', '| a | b |', 'a < b', 'x[1]', '**b**', '\\', '``a`', '&lt;img&gt;', '_']))
        parts.append(chance.choice(BREAKS))
    return ''.join(parts)


def run(command, data):
    done = subprocess.run(command, input=data, capture_output=True, timeout=600, check=False, cwd=HERE)
    if done.returncode != 0:
        check(False, command[0] + ' runs', [done.stderr.decode(errors='replace')[-2000:]])
    return done.stdout


def is_harmless(kind, target):
    return kind == 'link' and (target or '').startswith(tuple(address[:address.index('/', 8) + 1] for address in GOOD))


def main():
    if not os.path.exists(os.path.join(HERE, 'node_modules', 'markdown-it')):
        print('1..0 # SKIP the packages of tests/consult are not there')
        return
    chance = random.Random(20261123)
    texts = [text_of(chance) for _ in range(int(os.environ.get('TEXTS') or 20000))]
    data = b''.join(text.encode() + b'\0' for text in texts)
    shown = run([TOOL, '-n'], data)
    before = [json.loads(line) for line in run(['node', 'render.mjs'], data).splitlines()]
    after = [json.loads(line) for line in run(['node', 'render.mjs'], shown).splitlines()]
    check(len(before) == len(after) == len(texts), 'every text is shown', [len(before), len(after), len(texts)])
    dangerous = sum(any(not is_harmless(*found) for found in active) for active in before)
    check(dangerous > len(texts) // 2, 'most of the texts are dangerous as they come', [dangerous])
    bad = [(text + '\n=====>\n' + now, active) for text, now, active in zip(texts, shown.decode().split('\0'), after) if not all(is_harmless(*found) for found in active)]
    check(not bad, 'none is as it is shown', [part for text, active in bad[:5] for part in (repr(text), str(active))] + [len(bad)])
    kept = sum(len(active) for active in after)
    check(kept > 100, 'links to public pages stay links', [kept])
    # Code stays code, to the byte.
    blocks = ['```sql\nSELECT a[1](b), \'<img src="x">\' FROM t; -- ![x](http://y)\n```\n', '~~~\n```\n~~~\n']
    for block in blocks:
        out = run([TOOL, '-n'], block.encode() + b'\0').decode()
        check(block.split('\n', 1)[1].rsplit('\n', 2)[0] in out, 'code is not touched', [out])
    tap.done()


if __name__ == '__main__':
    main()
