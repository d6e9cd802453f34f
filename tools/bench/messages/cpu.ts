import { readFileSync } from 'node:fs';
import type { Platform } from '../../../deploy/local/platform.mjs';

/** Linux counts the time of processes in these, on every machine that Node runs on. */
const TICKS_PER_SECOND = 100;

/** CPU of each process of a platform so far, in microseconds: user and system, all threads. */
export type CpuByProcess = ReadonlyMap<string, number>;

/** Reads /proc. Fails when a process is gone, for then the figures would be of two lives. */
export const readCpu = (platform: Pick<Platform, 'names' | 'child'>): CpuByProcess =>
  new Map(
    platform.names.map((name) => {
      const child = platform.child(name);
      if (child?.pid === undefined || child.restarts > 0)
        throw new Error(`${name} ended during the bench: see its log`);
      return [name, microsOf(child.pid)];
    }),
  );

/** `after` − `before`, by process. */
export const spent = (before: CpuByProcess, after: CpuByProcess): CpuByProcess =>
  new Map([...after].map(([name, micros]) => [name, micros - (before.get(name) ?? 0)]));

export const total = (cpu: CpuByProcess): number =>
  [...cpu.values()].reduce((sum, micros) => sum + micros, 0);

const microsOf = (pid: number): number => {
  // The name of the program may hold spaces; fields are counted after its closing parenthesis.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / TICKS_PER_SECOND;
};
