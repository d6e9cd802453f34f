import type { ExecFileOptions } from 'node:child_process';

/** Runs a command without a shell and without stdin; its trimmed stdout. Rejects when it fails, with its stderr. */
export function run(command: string, args: readonly string[], options?: ExecFileOptions): Promise<string>;
