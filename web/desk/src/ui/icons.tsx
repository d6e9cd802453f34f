import type { ReactElement } from 'react';

/** Line icons on a grid of 16, drawn with the colour of the text around them. */
const PATHS = {
  chats: 'M2.5 4.5a2 2 0 0 1 2-2h7a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2H8l-3.2 2.7v-2.7h-.3a2 2 0 0 1-2-2z',
  queue: 'M2.5 4h11M2.5 8h11M2.5 12h6',
  closed: 'M2.5 5.5h11v7a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1zM2 2.5h12v3H2zM6.5 8.5h3',
  live: 'M8 9.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM4.8 11.2a4.5 4.5 0 0 1 0-6.4M11.2 4.8a4.5 4.5 0 0 1 0 6.4M2.7 13.3a7.5 7.5 0 0 1 0-10.6M13.3 2.7a7.5 7.5 0 0 1 0 10.6',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.4 10.4l3.1 3.1',
  reports: 'M2.5 13.5h11M4.5 11V8M8 11V3M11.5 11V6',
  settings:
    'M2.5 4.5h5M11.5 4.5h2M9.5 6.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4zM2.5 11.5h2M8.5 11.5h5M6.5 13.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4z',
  wall: 'M2 3h12v8.500H2zM5.500 14h5M8 11.500V14M5 8.500V7M8 8.500V5.500M11 8.500V6.500',
  admin: 'M8 2l5 2v4c0 3-2.100 5-5 6-2.900-1-5-3-5-6V4zM5.800 8l1.500 1.500 2.900-3',
  up: 'M4 10l4-4 4 4',
  grip: 'M6 4v.1M10 4v.1M6 8v.1M10 8v.1M6 12v.1M10 12v.1',
  trash: 'M3 4.500h10M6.500 4.500V3h3v1.500M4.500 4.500l.5 8.500h6l.5-8.500',
  copy: 'M5.500 5.500h8v8h-8zM3.500 10.500h-1v-8h8v1',
  expand: 'M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10',
  shrink: 'M6 2.500V6H2.500M13.500 6H10V2.500M10 13.500V10h3.500M2.500 10H6v3.500',
  arrow: 'M2.500 8h11M9.500 4l4 4-4 4',
  check: 'M3 8.5l3.2 3.2L13 4.8',
  checks: 'M1.5 8.7l2.8 2.8 6-6.3M7.5 10.8l.9.8L14.5 5',
  clock: 'M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM8 5v3.2l2 1.3',
  alert: 'M8 2.5l6 10.5H2zM8 6.5v3M8 11.2v.1',
  close: 'M4 4l8 8M12 4l-8 8',
  back: 'M9.5 3.5L5 8l4.5 4.5',
  next: 'M6.5 3.5L11 8l-4.5 4.5',
  down: 'M4 6l4 4 4-4',
  send: 'M2.5 8h10M8.5 3.8L12.8 8l-4.3 4.2',
  note: 'M3 2.5h10v7L9.5 13H3zM9.5 13V9.5H13M5.5 5.5h5M5.5 8h2.5',
  smile: 'M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM5.8 9.3c1 1.3 3.4 1.3 4.4 0M6.2 6.4v.1M9.8 6.4v.1',
  user: 'M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 13.5c.4-2.4 2.4-3.7 5-3.7s4.6 1.3 5 3.7',
  globe:
    'M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM2.5 8h11M8 2.5c1.8 1.6 2.5 3.5 2.5 5.5S9.8 11.900 8 13.5C6.200 11.900 5.500 10 5.500 8S6.200 4.100 8 2.500z',
  verified:
    'M8 1.800l1.700 1.300 2.100-.1.600 2 1.700 1.200-.7 2 .7 2-1.700 1.200-.6 2-2.100-.1L8 14.200l-1.700-1.300-2.100.1-.6-2-1.700-1.200.7-2-.7-2 1.700-1.200.6-2 2.100.1zM5.700 8l1.600 1.600 3-3.200',
  mail: 'M2.500 4h11v8.500h-11zM2.500 4.500L8 9l5.500-4.500',
  plus: 'M8 3.500v9M3.500 8h9',
  key: 'M5.500 13a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM7.300 8.700L13 3M10.500 5.500l2 2',
  out: 'M6.500 2.500h-3v11h3M7 8h6.500M11 5.500L13.500 8 11 10.500',
  bell: 'M8 2.500c-2.300 0-3.700 1.600-3.700 3.900 0 3-1.300 4.100-1.300 4.100h10s-1.300-1.100-1.300-4.100c0-2.300-1.400-3.900-3.700-3.900zM6.700 13c.6.7 2 .7 2.600 0',
  star: 'M8 2.300l1.700 3.600 3.900.5-2.900 2.700.8 3.900L8 11.100 4.500 13l.8-3.900L2.400 6.400l3.900-.5z',
  panel: 'M2.500 3h11v10h-11zM10 3v10',
  join: 'M6.500 7.500a2.300 2.300 0 1 0 0-4.600 2.300 2.300 0 0 0 0 4.600zM2 13c.3-2.200 2-3.500 4.500-3.500.9 0 1.700.2 2.400.5M12 9.500v4M10 11.500h4',
  page: 'M4 2.500h5l3 3v8H4zM9 2.500v3h3',
  transfer: 'M2.500 5.500h9M8.500 2.500l3 3-3 3M13.500 10.500h-9M7.500 7.500l-3 3 3 3',
  hold: 'M5.500 3.500v9M10.500 3.500v9',
  resume: 'M5 3.500l7 4.500-7 4.500z',
  park: 'M8 13.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11zM6.700 11V5h1.800a1.700 1.700 0 0 1 0 3.500H6.700',
  whisper:
    'M2.500 4.500a2 2 0 0 1 2-2h7a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2H8l-3.200 2.700v-2.700h-.3a2 2 0 0 1-2-2zM5.500 6.500v.1M8 6.500v.1M10.500 6.500v.1',
  takeOver:
    'M6 7.500a2.300 2.300 0 1 0 0-4.600 2.300 2.300 0 0 0 0 4.600zM2 13c.3-2.200 1.800-3.500 4-3.500M8.500 10.500h5M11 8l2.500 2.500L11 13',
  later: 'M2.500 4h11v8.500h-11zM2.500 4.500L8 9l5.500-4.500M11 1.500v3M9.500 3h3',
  retry: 'M13 8a5 5 0 1 1-1.600-3.700M13 2.500v2.800h-2.800',
  more: 'M3.5 7.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1zM8 7.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1zM12.5 7.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1z',
  spark:
    'M8 2.500v3M8 10.500v3M2.500 8h3M10.500 8h3M4.500 4.500l1.500 1.500M10 10l1.500 1.500M11.500 4.500L10 6M6 10l-1.500 1.500',
  eye: 'M1.800 8S4 3.800 8 3.800 14.200 8 14.200 8 12 12.200 8 12.200 1.800 8 1.800 8zM8 9.800a1.800 1.800 0 1 0 0-3.600 1.800 1.800 0 0 0 0 3.600z',
  offline:
    'M2.500 2.500l11 11M4.900 9.100A4.400 4.400 0 0 1 8 7.900c.5 0 1 .1 1.500.2M2.500 6.500a8 8 0 0 1 2.600-1.600M7.500 4.400a8 8 0 0 1 6 2.100M8 12v.1',
} as const;

export type IconName = keyof typeof PATHS;

/** Those that point along the line, and so the other way where it is written from right to left. */
const ALONG_THE_LINE: ReadonlySet<IconName> = new Set([
  'arrow',
  'back',
  'next',
  'out',
  'panel',
  'queue',
  'resume',
  'send',
  'takeOver',
]);

/** An icon. Hidden from screen readers unless it has a label. */
export const Icon = ({
  name,
  size = 16,
  label,
}: {
  name: IconName;
  size?: number;
  label?: string;
}): ReactElement => (
  <svg
    className="icon"
    data-along={ALONG_THE_LINE.has(name) || undefined}
    width={size}
    height={size}
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.5"
    strokeLinecap="round"
    strokeLinejoin="round"
    {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
  >
    <path d={PATHS[name]} />
  </svg>
);

/** The mark of Parley. */
export const Mark = ({ size = 24 }: { size?: number }): ReactElement => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" fill="var(--accent)" />
    <path
      d="M9 9h14a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3h-6l-5 4v-4H9a3 3 0 0 1-3-3v-6a3 3 0 0 1 3-3z"
      fill="var(--on-accent)"
    />
  </svg>
);
