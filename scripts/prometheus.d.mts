export function ensurePrometheus(): Promise<{ readonly prometheus: string; readonly promtool: string }>;
