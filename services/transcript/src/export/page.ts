import { common, type conversation, type transcript } from '@parley/contracts';
import { eventText } from './lines.js';
import type { TranscriptFile } from './file.js';
import { STYLE } from './style.js';

const RTL = new Set(['ar', 'arc', 'ckb', 'dv', 'fa', 'he', 'ps', 'sd', 'ug', 'ur', 'yi']);

/**
 * The transcript as a page that stands alone: no scripts, nothing loaded from elsewhere, every text escaped. Times in
 * the conversation's language and UTC; English where the locale is unknown to this machine.
 */
export const pageFile = (summary: transcript.Summary, locale: string): TranscriptFile => {
  const language = usableLocale(locale);
  const format = timeFormats(language);
  const direction = RTL.has(language.split('-')[0] ?? '') ? 'rtl' : 'ltr';
  const title = summary.contactName
    ? `Conversation with ${summary.contactName}`
    : `Conversation ${summary.conversationId}`;
  return {
    head: `<!doctype html>
<html lang="${escapeHtml(language)}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1 dir="auto">${escapeHtml(title)}</h1>
<dl>${facts(summary, format)}</dl>
</header>
<ol>
`,
    event: (event) => line(event, format).join(''),
    separator: '',
    tail: `</ol>
</main>
</body>
</html>
`,
  };
};

interface TimeFormats {
  readonly full: Intl.DateTimeFormat;
  readonly short: Intl.DateTimeFormat;
}

const timeFormats = (language: string): TimeFormats => ({
  full: new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long', timeZone: 'UTC' }),
  short: new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' }),
});

const usableLocale = (locale: string): string => {
  try {
    return new Intl.DateTimeFormat(locale || 'en').resolvedOptions().locale;
  } catch {
    return 'en';
  }
};

const facts = (summary: transcript.Summary, { full }: TimeFormats): string =>
  (
    [
      ['Started', summary.startedAt && full.format(summary.startedAt)],
      ['Closed', summary.closedAt && full.format(summary.closedAt)],
      ['Topic', summary.topic],
      ['Rating', summary.rating ? `${summary.rating} of 5` : ''],
      ['Conversation', summary.conversationId],
    ] as const
  )
    .filter(([, value]) => value)
    .map(([name, value = '']) => `<div><dt>${name}</dt><dd dir="auto">${escapeHtml(value)}</dd></div>`)
    .join('');

const line = (recorded: conversation.RecordedEvent, { full, short }: TimeFormats): string[] => {
  const told = eventText(recorded);
  if (!told) return [];
  const at = recorded.time ?? new Date(0);
  const time = `<time datetime="${at.toISOString()}" title="${escapeHtml(full.format(at))}">${escapeHtml(short.format(at))}</time>`;
  const text = `<div class="text" dir="auto">${escapeHtml(told.text)}</div>`;
  if (told.kind === 'event') return [`<li class="event">${text}${time}</li>\n`];
  const who = `<span class="who" dir="auto">${escapeHtml(authorOf(recorded.actor))}</span>`;
  return [
    `<li class="${told.kind} ${sideOf(recorded.actor)}"><div class="by">${who}${time}</div>${text}</li>\n`,
  ];
};

const sideOf = (actor: common.Actor | undefined): string =>
  actor?.kind === common.Actor_Kind.KIND_VISITOR ? 'visitor' : 'team';

const authorOf = (actor: common.Actor | undefined): string => {
  if (actor?.name) return actor.name;
  return UNNAMED[actor?.kind ?? common.Actor_Kind.KIND_UNSPECIFIED] ?? 'System';
};

const UNNAMED: Readonly<Partial<Record<common.Actor_Kind, string>>> = {
  [common.Actor_Kind.KIND_VISITOR]: 'Visitor',
  [common.Actor_Kind.KIND_AGENT]: 'Agent',
  [common.Actor_Kind.KIND_BOT]: 'Assistant',
};

/** One character after the other: a message of nothing else would call a function for each of its 65,536. */
const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
