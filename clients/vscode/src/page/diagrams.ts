// Pictures of the diagrams on a page. Mermaid is large, and is loaded when the first one is there.

import { messageOf } from "../errors";

interface Mermaid {
    initialize(options: object): void;
    render(id: string, text: string): Promise<{ svg: string }>;
}
declare global {
    interface Window {
        mermaid?: Mermaid;
    }
}

let loading: Promise<Mermaid> | undefined;
let drawn = 0;

function load(page: HTMLElement): Promise<Mermaid> {
    loading ??= new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = page.dataset["mermaid"]!;
        script.nonce = page.dataset["nonce"]!;
        script.onload = () => (window.mermaid ? resolve(window.mermaid) : reject(new Error("no Mermaid")));
        script.onerror = () => reject(new Error("Mermaid could not be loaded"));
        document.head.append(script);
    });
    return loading;
}

/** The editor's own colours, so that a diagram looks at home in every theme. */
function theme(): object {
    const style = getComputedStyle(document.body);
    const color = (name: string, fallback: string): string => style.getPropertyValue(name).trim() || fallback;
    const isDark = document.body.matches(".vscode-dark, .vscode-high-contrast:not(.vscode-high-contrast-light)");
    const text = color("--vscode-editor-foreground", isDark ? "#ddd" : "#222");
    const ground = color("--vscode-editor-background", isDark ? "#1e1e1e" : "#fff");
    const line = color("--vscode-descriptionForeground", "#888");
    const box = color("--vscode-textCodeBlock-background", isDark ? "#2a2a2a" : "#f3f3f3");
    return {
        darkMode: isDark,
        fontFamily: style.fontFamily,
        fontSize: "13px",
        background: ground,
        primaryColor: box,
        primaryTextColor: text,
        primaryBorderColor: line,
        lineColor: line,
        textColor: text,
        mainBkg: box,
        nodeBorder: line,
        attributeBackgroundColorOdd: ground,
        attributeBackgroundColorEven: box,
        edgeLabelBackground: ground,
    };
}

/** A large diagram is shown as a whole first; a button brings it to its own size, to be scrolled. */
function addZoom(figure: HTMLElement): void {
    const svg = figure.querySelector("svg");
    const width = svg?.viewBox.baseVal.width ?? 0;
    const isLarge = width > figure.clientWidth * 1.1;
    figure.querySelector("button")?.remove();
    if (!svg || !isLarge) return;
    const button = document.createElement("button");
    const show = (isFull: boolean): void => {
        figure.classList.toggle("full", isFull);
        svg.style.width = isFull ? `${width}px` : "";
        svg.style.maxWidth = isFull ? "none" : `${width}px`;
        button.textContent = isFull ? "Fit" : "Enlarge";
        const picture = svg.parentElement!;
        picture.scrollTo((picture.scrollWidth - picture.clientWidth) / 2, 0);
    };
    button.addEventListener("click", () => show(!figure.classList.contains("full")));
    show(figure.classList.contains("full"));
    figure.prepend(button);
}

async function draw(figure: HTMLElement, mermaid: Mermaid): Promise<void> {
    const source = figure.querySelector("pre");
    const text = source?.textContent ?? "";
    try {
        const { svg } = await mermaid.render(`diagram-${++drawn}`, text);
        figure.querySelector(".picture")?.remove();
        const picture = document.createElement("div");
        picture.className = "picture";
        picture.innerHTML = svg;
        figure.append(picture);
        addZoom(figure);
        figure.classList.add("drawn");
    } catch (error) {
        // The text stays, which can be read too.
        document.getElementById(`ddiagram-${drawn}`)?.remove();
        figure.title = messageOf(error);
    }
}

/** Draws what is not drawn yet; with `again`, everything. */
export async function drawDiagrams(page: HTMLElement, again = false): Promise<void> {
    const figures = [...page.querySelectorAll<HTMLElement>(again ? "figure.diagram" : "figure.diagram:not(.drawn)")];
    if (figures.length === 0) return;
    const mermaid = await load(page).catch(() => undefined);
    if (!mermaid) return;
    mermaid.initialize({
        startOnLoad: false,
        securityLevel: "strict",
        theme: "base",
        themeVariables: theme(),
        er: { useMaxWidth: true },
        suppressErrorRendering: true,
    });
    for (const figure of figures) await draw(figure, mermaid);
}
