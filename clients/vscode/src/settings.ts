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

/** Says that squawk's extension is there, unless the user says whether it is. */
export function withNeighbours(
    settings: Record<string, unknown>,
    isInstalled: (extension: string) => boolean,
): Record<string, unknown> {
    const { neighbours } = settings as { neighbours?: { squawk?: string } };
    const isAutomatic = (neighbours?.squawk ?? "automatic") === "automatic";
    return isAutomatic && isInstalled("sbdchd.squawk")
        ? { ...settings, neighbours: { ...neighbours, squawk: "on" } }
        : settings;
}
