export function ensureBuilt(signal?: AbortSignal): Promise<void>;
