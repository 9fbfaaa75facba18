// samples.mjs - folders to open in the editor.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { top } from './editor.mjs';

/** A folder with these files ({path: text}) or a sample project, under git. Returns its path and what removes it. */
export function makeWorkspace({ project, files = {}, name = project }) {
    const above = fs.mkdtempSync(path.join(os.tmpdir(), 'lintel-workspace-'));
    const folder = path.join(above, name);
    fs.mkdirSync(folder);
    if (project) fs.cpSync(path.join(top, 'tests/projects', project), folder, { recursive: true });
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
