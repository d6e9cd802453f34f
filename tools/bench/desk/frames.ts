import type { CDPSession, Page } from 'playwright-core';

const FRAME_MS = 1000 / 60;
/** A frame's time is measured with less than this error. */
const ERROR_MS = 1;

/** How a page was drawn for a while. */
export interface FrameFigures {
  readonly frames: number;
  /** Time from a frame to the next, ms. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
  /** Share of frames that came later than 16.7 ms after the one before. */
  readonly late: number;
  /** CPU time of the page's main thread for each frame, ms: the figure that other work on the machine changes least. */
  readonly workMs: number;
  /** From a key to the picture that shows it, ms, in steps of 8; 16 stands for "no more than that". Absent without keys. */
  readonly keyP50Ms?: number;
  readonly keyP99Ms?: number;
}

/** Something done with each frame, in the page. */
export type EachFrame = 'nothing' | 'scroll';

/** Down and up again through the whole list, some 25 rows a second. */
const SCROLL = `const list = document.querySelector('.list-scroll');
  const end = list.scrollHeight - list.clientHeight;
  if (list.scrollTop >= end - 1) down = -1;
  if (list.scrollTop <= 0) down = 1;
  list.scrollTop += down * 32;`;

/** Runs in the page: the times of all frames, and the delays of keys, for `ms`. */
const recorder = (ms: number, each: EachFrame): string => `new Promise((done) => {
  const times = [], keys = [];
  const observer = new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) if (name === 'keydown') keys.push(duration);
  });
  observer.observe({ type: 'event', durationThreshold: 16 });
  const until = performance.now() + ${ms};
  let last, down = 1;
  const step = (now) => {
    if (last !== undefined) times.push(now - last);
    last = now;
    ${each === 'scroll' ? SCROLL : ''}
    if (now < until) return requestAnimationFrame(step);
    observer.disconnect();
    done({ times, keys });
  };
  requestAnimationFrame(step);
})`;

const workOf = async (session: CDPSession): Promise<number> => {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
};

/** Measures a page for `ms`, while `meanwhile` presses keys; it says how many. */
export const measureFrames = async (
  page: Page,
  ms: number,
  each: EachFrame,
  meanwhile: () => Promise<number> = () => Promise.resolve(0),
): Promise<FrameFigures> => {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = await workOf(session);
  const [{ times, keys }, pressed] = await Promise.all([
    page.evaluate<{ times: number[]; keys: number[] }>(recorder(ms, each)),
    meanwhile(),
  ]);
  const work = (await workOf(session)) - before;
  await session.detach();
  const quick = Array.from({ length: Math.max(0, pressed - keys.length) }, () => 16);
  const delays = [...keys, ...quick];
  return {
    frames: times.length,
    p50Ms: tenth(percentile(times, 0.5)),
    p99Ms: tenth(percentile(times, 0.99)),
    worstMs: tenth(Math.max(...times)),
    late: Math.round((times.filter((time) => time > FRAME_MS + ERROR_MS).length / times.length) * 1e4) / 1e4,
    workMs: tenth((work * 1000) / times.length),
    ...(delays.length > 0 ? { keyP50Ms: percentile(delays, 0.5), keyP99Ms: percentile(delays, 0.99) } : {}),
  };
};

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

const tenth = (ms: number): number => Math.round(ms * 10) / 10;
