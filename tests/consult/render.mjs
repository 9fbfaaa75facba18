// render.mjs - reads texts that end in NUL, renders each as the editor does (markdown-it: HTML on, plain addresses made links), and
// prints for each, as one line of JSON, what in it is active: images, links, HTML that was let through.
import { createRequire } from 'node:module';

const MarkdownIt = createRequire(import.meta.url)('markdown-it');
const markdown = new MarkdownIt({ html: true, linkify: true });
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
markdown.validateLink = () => true; // markdown-it's own list of bad schemes must not be what saves us

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
for (const text of Buffer.concat(chunks).toString('utf8').split('\0').slice(0, -1)) {
  const active = [];
  const look = (token) => {
    if (token.type === 'image') active.push(['image', token.attrGet('src')]);
    if (token.type === 'link_open') active.push(['link', token.attrGet('href')]);
    if (token.type.startsWith('html')) active.push(['html', token.content]);
    (token.children ?? []).forEach(look);
  };
  markdown.parse(text, {}).forEach(look);
  console.log(JSON.stringify(active));
}
