// Markdown to HTML, block by block, so that a report that grows changes only what is new on the page.

import MarkdownIt from "markdown-it";

// No HTML of the text's own: a report quotes names and code that nobody has checked for markup.
const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });
markdown.disable("image");

const isOurs = /^(?:https?|file|lintel):|^#/i;
markdown.validateLink = (url) => isOurs.test(url);

// Wide tables scroll by themselves instead of the whole page.
markdown.renderer.rules["table_open"] = () => '<div class="table"><table>';
markdown.renderer.rules["table_close"] = () => "</table></div>";

// Paths and long names may be broken where a reader would break them; copied, they are whole.
const withBreaks = (html: string): string => html.replace(/[/_](?=[\w.])/g, "$&<wbr>");
const text = markdown.renderer.rules.text!;
markdown.renderer.rules.text = (...given) => withBreaks(text(...given));
const code = markdown.renderer.rules.code_inline!;
markdown.renderer.rules.code_inline = (tokens, index, ...rest) => {
    const html = code(tokens, index, ...rest);
    return html.replace(/(?<=>)[^<]+/, withBreaks);
};

const fence = markdown.renderer.rules.fence!;
markdown.renderer.rules.fence = (tokens, index, options, environment, self) => {
    const token = tokens[index]!;
    if (token.info.trim() === "mermaid")
        return `<figure class="diagram"><pre>${markdown.utils.escapeHtml(token.content)}</pre></figure>`;
    return `<div class="code">${fence(tokens, index, options, environment, self)}</div>`;
};

/** The HTML of each block of the outermost level, in order. */
export function blocksOf(text: string): string[] {
    const environment = {};
    const tokens = markdown.parse(text, environment);
    const blocks: string[] = [];
    let start = 0;
    let depth = 0;
    tokens.forEach((token, index) => {
        depth += token.nesting;
        if (depth > 0) return;
        blocks.push(markdown.renderer.render(tokens.slice(start, index + 1), markdown.options, environment));
        start = index + 1;
    });
    return blocks;
}
