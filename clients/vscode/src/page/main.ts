// The script of a page: shows the text that the extension sends, and tells it what was clicked.

import { blocksOf } from "./blocks";
import { drawDiagrams } from "./diagrams";
import type { FromPage, ToPage } from "./messages";

const editor = acquireVsCodeApi<{ scroll: number }>();
const page = document.getElementById("page")!;
const tell = (message: FromPage): void => editor.postMessage(message);

let shown: string[] = [];
let scroll = editor.getState()?.scroll;

/** Replaces the blocks that are not the same as before; pictures and the place that is being read stay. */
function show(text: string): void {
    const blocks = blocksOf(text);
    const frame = document.createElement("template");
    for (let index = 0; index < blocks.length; index++) {
        if (shown[index] === blocks[index]) continue;
        frame.innerHTML = `<section>${blocks[index]}</section>`;
        const section = frame.content.firstElementChild!;
        addCopyButtons(section);
        const old = page.children[index];
        if (old) old.replaceWith(section);
        else page.append(section);
    }
    while (page.children.length > blocks.length) page.lastElementChild!.remove();
    shown = blocks;
    void drawDiagrams(page);
    if (scroll !== undefined) window.scrollTo(0, scroll);
    scroll = undefined;
}

function addCopyButtons(section: Element): void {
    for (const block of section.querySelectorAll(".code")) {
        const button = document.createElement("button");
        button.textContent = "Copy";
        button.title = "Copy this code";
        button.addEventListener("click", () => {
            tell({ kind: "copy", text: block.querySelector("code")?.textContent ?? "" });
            button.textContent = "Copied";
            setTimeout(() => (button.textContent = "Copy"), 1500);
        });
        block.append(button);
    }
}

window.addEventListener("message", (event: MessageEvent<ToPage>) => {
    if (event.data.kind === "text") show(event.data.text);
});

document.addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest("a[href]");
    const href = link?.getAttribute("href");
    if (!href || href.startsWith("#")) return;
    event.preventDefault();
    tell({ kind: "follow", href });
});

let scrolling: ReturnType<typeof setTimeout> | undefined;
window.addEventListener("scroll", () => {
    clearTimeout(scrolling);
    scrolling = setTimeout(() => editor.setState({ scroll: window.scrollY }), 100);
});

new MutationObserver(() => void drawDiagrams(page, true)).observe(document.body, { attributeFilter: ["class"] });

tell({ kind: "ready" });
