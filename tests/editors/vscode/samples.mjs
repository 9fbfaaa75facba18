// samples.mjs - folders to open in the editor.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { top } from './editor.mjs';

/** A folder with these files ({path: text}), a sample project or several in folders of theirs, under git. Returns its path and
 *  what removes it. */
export function makeWorkspace({ project, projects = [], files = {}, name = project }) {
    const above = fs.mkdtempSync(path.join(os.tmpdir(), 'lintel-workspace-'));
    const folder = path.join(above, name);
    fs.mkdirSync(folder);
    if (project) fs.cpSync(path.join(top, 'tests/projects', project), folder, { recursive: true });
    for (const each of projects) fs.cpSync(path.join(top, 'tests/projects', each), path.join(folder, each), { recursive: true });
    for (const [file, text] of Object.entries(files)) {
        fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
        fs.writeFileSync(path.join(folder, file), text);
    }
    const git = (...args) =>
        execFileSync('git', ['-c', 'user.name=Jo', '-c', 'user.email=jo@example.org', ...args], { cwd: folder, stdio: 'ignore' });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-q', '--allow-empty', '-m', 'Start');
    return { folder, remove: () => fs.rmSync(above, { recursive: true, force: true, maxRetries: 5 }) };
}
