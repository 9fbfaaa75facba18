// The settings as the server gets them.

/** Without what belongs to the extension alone, and without what is not set: the editor fills in "", [] and {} where a
 *  setting has no default. */
export function settingsForServer(settings: unknown): Record<string, unknown> {
    const { server: _server, trace: _trace, ...rest } = (settings ?? {}) as Record<string, unknown>;
    return (withoutEmpty(rest) ?? {}) as Record<string, unknown>;
}

function withoutEmpty(value: unknown): unknown {
    if (value === null || value === "" || typeof value === "function") return undefined;
    if (Array.isArray(value)) return value.length > 0 ? value : undefined;
    if (typeof value !== "object") return value;
    const kept = Object.entries(value)
        .map(([key, each]) => [key, withoutEmpty(each)] as const)
        .filter(([, each]) => each !== undefined);
    return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}
