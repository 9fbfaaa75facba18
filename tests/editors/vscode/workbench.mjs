// workbench.mjs - what a person does in VS Code, for tests.
//
// Inside the text editor only the mouse's coordinates are used: Playwright's own hover() and click() scroll what they
// point at into view, which moves parts of the editor that are not meant to scroll.

export class Workbench {
    constructor(page) { this.page = page; }

    static async open(context, url, folder) {
        const page = await context.newPage();
        const workbench = new Workbench(page);
        await page.goto(`${url}/?folder=${encodeURIComponent(folder)}`, { waitUntil: 'domcontentloaded' });
        await page.waitForSelector('.monaco-workbench .explorer-folders-view .monaco-list-row', { timeout: 90_000 });
        return workbench;
    }

    key(keys) { return this.page.keyboard.press(keys); }
    pause(ms) { return this.page.waitForTimeout(ms); }
    see(selector, hasText, timeout = 20_000) {
        return this.page.locator(selector, hasText ? { hasText } : {}).first().waitFor({ timeout });
    }
    unsee(selector, hasText, timeout = 20_000) {
        return this.page.locator(selector, hasText ? { hasText } : {}).first().waitFor({ state: 'detached', timeout });
    }

    async retry(times, run) {
        for (let i = 1; ; i++) {
            try { return await run(); } catch (error) {
                if (process.env.TRIES) await this.page.screenshot({ path: `${process.env.TRIES}/try-${i}-${Date.now()}.png` });
                if (i >= times) throw error;
                await this.key('Escape');
                await this.pause(300);
            }
        }
    }

    /** Runs a command of the palette by its title. */
    async command(title) {
        await this.retry(3, async () => {
            await this.key('F1');
            await this.page.locator('.quick-input-widget input').first().waitFor({ timeout: 5000 });
            await this.page.keyboard.insertText(title);
            await this.pick(title);
        });
        await this.pause(150);
    }

    /** Takes what is to be picked by its text, once the list has filtered: before, Enter would take its first row of before. */
    async pick(text, timeout = 5000) {
        await this.see('.quick-input-list .monaco-list-row.focused', text, timeout);
        await this.pause(250);
        await this.key('Enter');
    }

    /** Opens a file of the workspace by its path, at a line. */
    async file(path, line) {
        const name = path.split('/').at(-1);
        await this.retry(4, async () => {
            await this.key('Control+p');
            await this.page.locator('.quick-input-widget input').first().waitFor({ timeout: 5000 });
            await this.page.keyboard.insertText(path + (line ? `:${line}` : ''));
            await this.pick(name, 8000);
            await this.see(`.editor-group-container.active .tab.active[data-resource-name="${name}"]`, undefined, 8000);
        });
        await this.see('.editor-instance .view-line');
    }

    /** A point of an element that has stopped moving. */
    async at(selector, hasText, dx = 4) {
        const target = this.page.locator(selector, hasText ? { hasText } : {}).first();
        let last;
        for (let i = 0; i < 150; i++) {
            const box = await target.boundingBox({ timeout: 15_000 }).catch(() => null);
            if (box && last && box.x === last.x && box.y === last.y && box.width > 0) return { x: box.x + Math.min(dx, box.width / 2), y: box.y + box.height / 2 };
            last = box;
            await this.pause(100);
        }
        throw new Error(`nothing stands still at ${selector}`);
    }

    /** The point of a text in the visible part of the code editor, once it stands still: lenses that come move it down. */
    async textAt(text) {
        let last;
        for (let i = 0; i < 80; i++) {
            const point = await this.page.evaluate((wanted) => {
                for (const line of document.querySelectorAll('.editor-instance .view-lines .view-line')) {
                    const at = line.textContent.replaceAll('\u00a0', ' ').indexOf(wanted);
                    if (at < 0) continue;
                    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
                    let before = 0;
                    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                        if (at < before + node.length) {
                            const range = document.createRange();
                            range.setStart(node, at - before);
                            range.setEnd(node, at - before + 1);
                            const box = range.getBoundingClientRect();
                            return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
                        }
                        before += node.length;
                    }
                }
                return null;
            }, text);
            if (point && last && point.x === last.x && point.y === last.y) return point;
            last = point;
            await this.pause(100);
        }
        throw new Error(`"${text}" is not to be seen`);
    }

    async click(text) {
        const { x, y } = await this.textAt(text);
        await this.page.mouse.click(x, y);
        await this.pause(150);
    }

    async hover(text, expected) {
        await this.retry(4, async () => {
            await this.page.mouse.move(700, 880);
            const { x, y } = await this.textAt(text);
            await this.page.mouse.move(x + 4, y);
            await this.page.mouse.move(x + 16, y, { steps: 4 });
            await this.see('.monaco-hover:not(.hidden)', expected, 6000);
        });
    }

    /** The context menu at a text; `clear`: first puts the cursor there. */
    async menu(text, title, { clear = true } = {}) {
        await this.retry(4, async () => {
            const { x, y } = await this.textAt(text);
            if (clear) await this.page.mouse.click(x, y);
            await this.page.mouse.click(x, y, { button: 'right' });
            await this.page.getByRole('menuitem', { name: title }).first().waitFor({ timeout: 4000 });
        });
    }

    /** Opens the submenu of ours and takes an entry of it. */
    async consultMenu(entry, beforeClick) {
        const item = this.page.getByRole('menuitem', { name: 'Consult Database Architect' }).first();
        const wanted = this.page.getByRole('menuitem', { name: entry }).first();
        const box = await item.boundingBox();
        await this.page.mouse.move(box.x + 30, box.y + box.height / 2, { steps: 4 });
        // It opens when the pointer rests on it; a click on one that has just opened would close it again.
        for (let tries = 0; tries < 5 && !await wanted.isVisible(); tries++) {
            await this.pause(1000);
            if (!await wanted.isVisible()) await this.key('ArrowRight');
        }
        await wanted.waitFor({ timeout: 3000 });
        if (beforeClick) await beforeClick();
        const target = await wanted.boundingBox();
        await this.page.mouse.move(target.x + 20, target.y + target.height / 2, { steps: 4 });
        await this.page.mouse.click(target.x + 20, target.y + target.height / 2);
    }

    /** Asks from the context menu at a text: both of the above. */
    async consult(text, entry, { clear = true, beforeClick } = {}) {
        await this.menu(text, 'Consult Database Architect', { clear });
        await this.consultMenu(entry, beforeClick);
    }

    /** The frame of our page that is in front, once `text` can be read in it. */
    async pageFrame(text, timeout = 20_000) {
        const end = Date.now() + timeout;
        while (Date.now() < end) {
            for (const frame of this.page.frames()) {
                const main = frame.locator('main#page');
                const shown = await main.textContent({ timeout: 300 }).catch(() => null);
                if (shown?.includes(text) && await main.isVisible().catch(() => false)) return frame;
            }
            await this.pause(150);
        }
        throw new Error(`no page shows "${text}"`);
    }

    async closeAll() {
        await this.command('View: Close All Editors');
        await this.unsee('.tab', undefined, 5000).catch(() => {});
    }
}
