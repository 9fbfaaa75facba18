/** What the extension says to a page, and a page to the extension. */
export type ToPage = { kind: "text"; text: string };
export type FromPage = { kind: "ready" } | { kind: "follow"; href: string } | { kind: "copy"; text: string };
