import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The path of one of the repository's scripts, also when this code was bundled to another place in the work tree. */
export const scriptOf = (name: string): string => {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const file = join(folder, 'scripts', name);
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) throw new Error(`no scripts/${name} above ${import.meta.dirname}`);
  }
};
