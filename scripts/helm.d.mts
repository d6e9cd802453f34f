export function ensureHelm(): Promise<string>;
