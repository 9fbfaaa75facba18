// vscode-stub.ts - what the units under test touch of the editor's API, and no more.

export class Position {
    constructor(
        readonly line: number,
        readonly character: number,
    ) {}
}
export class Range {
    readonly start: Position;
    readonly end: Position;
    constructor(startLine: number, startCharacter: number, endLine: number, endCharacter: number) {
        this.start = new Position(startLine, startCharacter);
        this.end = new Position(endLine, endCharacter);
    }
}
export class MarkdownString {
    isTrusted: unknown;
    constructor(public value: string) {}
}
export const workspace = {};
export const window = {};
