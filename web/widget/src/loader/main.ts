import type { Identity, Settings } from '../protocol.js';
import { Widget } from './widget.js';

type Listener = (detail: unknown) => void;
type Command = readonly unknown[];
type Parley = ((...command: Command) => unknown) & { q?: ArrayLike<unknown>[] };

const page = window as unknown as { Parley?: Parley };
const script = document.currentScript as HTMLScriptElement | null;
const origin = new URL(script?.src || location.href).origin;
const listeners = new Map<string, Set<Listener>>();
let widget: Widget | undefined;

const emit = (name: string, detail: unknown): void =>
  listeners.get(name)?.forEach((listener) => listener(detail));

const boot = (settings: Settings): void => {
  const all = { ...(script?.dataset as Settings | undefined), ...settings };
  if (!all.tenant) return console.error('Parley: data-tenant or boot({ tenant }) is missing');
  // Pages of one piece boot with every view: that is no logout.
  if (widget?.settings.tenant === all.tenant) return widget?.update(settings);
  widget?.shutdown();
  widget = new Widget(all, origin, emit);
};

const on = (event: string, listener: Listener): (() => void) => {
  const all = listeners.get(event) ?? new Set();
  listeners.set(event, all.add(listener));
  return () => void all.delete(listener);
};

/** Carries out one command of the page. */
const run = ([name, first, second]: Command): unknown => {
  switch (name) {
    case 'boot':
      return boot(first ?? {});
    case 'on':
      return on(String(first), second as Listener);
    case 'update':
      return widget?.update(first ?? {});
    case 'consent':
      return widget?.update({ consent: !!first });
    case 'show':
      return widget?.show();
    case 'hide':
      return widget?.hide();
    case 'identify':
      return widget?.post({ type: 'identify', identity: first as Identity });
    case 'track':
      // Conversions are what can be tracked today.
      return first === 'conversion' && widget?.post({ type: 'conversion', conversion: second ?? {} });
    case 'shutdown':
      widget?.shutdown();
      return (widget = undefined);
    default:
      return console.error(`Parley: no command ${String(name)}`);
  }
};

const start = (): void => {
  const queue = page.Parley?.q ?? [];
  page.Parley = (...command) => run(command);
  const calls = queue.map((entry) => Array.from(entry));
  // A page that boots by itself says how; listeners first, so that they miss nothing.
  for (const call of calls) if (call[0] === 'on') run(call);
  if (script?.dataset['tenant'] && !calls.some(([name]) => name === 'boot')) boot({});
  for (const call of calls) if (call[0] !== 'on') run(call);
};

if (document.body) start();
else addEventListener('DOMContentLoaded', start);
