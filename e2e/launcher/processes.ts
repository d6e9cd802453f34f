import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Pids of the processes that have the folder in their command line or environment, other than this one. */
export const processesOf = (folder: string): number[] =>
  (process.platform === 'linux' ? onLinux(folder) : elsewhere(folder)).filter((pid) => pid !== process.pid);

const onLinux = (folder: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => ['cmdline', 'environ'].some((file) => textOf(`/proc/${pid}/${file}`).includes(folder)))
    .map(Number);

const elsewhere = (folder: string): number[] =>
  execFileSync('ps', ['-axEww', '-o', 'pid=,command='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder))
    .map((line) => Number.parseInt(line, 10));

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended, or is somebody else's
  }
};
