// How often a server that keeps ending is started again.

export const MAX_RESTARTS = 5;
const WINDOW_MS = 60 * 60 * 1000;

/** At most MAX_RESTARTS in an hour, unless the user asks for another. */
export class Restarts {
    #times: number[] = [];

    constructor(readonly now: () => number = Date.now) {}

    /** Counts one more end; whether to start again. */
    may(): boolean {
        const now = this.now();
        this.#times = this.#times.filter((time) => now - time < WINDOW_MS);
        if (this.#times.length >= MAX_RESTARTS) return false;
        this.#times.push(now);
        return true;
    }

    reset(): void {
        this.#times = [];
    }
}
