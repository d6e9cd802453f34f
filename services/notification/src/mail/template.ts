import type { transcript } from '@parley/contracts';
import { fitting, linesOf, type Line } from './lines.js';
import { mailLanguage, type MailLanguage } from './messages/index.js';

/** What a mail consists of, in plain words. */
export interface LetterParts {
  readonly subject: string;
  readonly greeting: string;
  readonly intro: string;
  readonly lines: readonly Line[];
  /** Stands where the lines would when there are none. */
  readonly empty: string;
  readonly footer: string;
}

export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The transcript as a mail in the language of the locale: plain text, and HTML for mail programs. */
export const transcriptLetter = (
  { summary, events }: Pick<transcript.GetTranscriptResponse, 'summary' | 'events'>,
  locale: string,
): Letter => {
  const language = mailLanguage(locale);
  const date = language.date(summary?.startedAt ?? new Date(0));
  return letterOf(
    {
      subject: language.say('subject', { date }),
      greeting: greetingOf(summary?.contactName ?? '', language),
      intro: language.say('intro', { date }),
      lines: linesOf(events, language),
      empty: language.say('empty'),
      footer: `${language.say('footer')} ${language.say('times')}`,
    },
    language,
  );
};

export const greetingOf = (name: string, language: MailLanguage): string =>
  name ? language.say('greeting', { name }) : language.say('greetingUnnamed');

/** The mail as plain text, and as HTML for mail programs. */
export const letterOf = (all: LetterParts, language: MailLanguage): Letter => {
  const parts = { ...all, lines: fitting(all.lines, language) };
  return { subject: parts.subject, text: textOf(parts, language), html: htmlOf(parts, language) };
};

const textOf = ({ greeting, intro, lines, empty, footer }: LetterParts, language: MailLanguage): string => {
  const body = lines.map(({ kind, author, text, at }) =>
    kind === 'event'
      ? `— ${text} (${language.time(at)})`
      : `${author} (${language.time(at)}):\n${text.replaceAll(/^/gm, '  ')}`,
  );
  const parts = [greeting, intro, ...(body.length > 0 ? body : [empty]), '--', footer];
  return `${parts.join('\n\n')}\n`;
};

/*
 * The colours of web/tokens (light), written out: mail programs know no variables. Tables and inline styles for the
 * same reason. Each text has dir="auto", so that a line in another script than the mail's still reads right.
 */
const FONT = "font-family:'Inter','Segoe UI',system-ui,-apple-system,'Noto Sans Arabic',Tahoma,sans-serif";
const STYLES = {
  body: `margin:0;padding:0;background:#f6f7f9;color:#191c22;${FONT};font-size:15px;line-height:1.45`,
  card: 'max-width:600px;background:#ffffff;border:1px solid #e3e6eb;border-radius:16px',
  event: 'padding:6px 24px;text-align:center;color:#555c69;font-size:13px',
  meta: 'font-size:12px;color:#555c69;padding-bottom:2px',
  team: 'padding:10px 14px;background:#ebeefb;border-radius:16px;white-space:pre-wrap;word-break:break-word',
  own: 'padding:10px 14px;background:#f0f2f5;border-radius:16px;white-space:pre-wrap;word-break:break-word',
  footer: 'padding:16px 24px 24px;color:#686f7c;font-size:12px;border-top:1px solid #e3e6eb',
} as const;

const htmlOf = (
  { subject, greeting, intro, lines, empty, footer }: LetterParts,
  language: MailLanguage,
): string => {
  const rows =
    lines.length > 0
      ? lines.map((line) => rowOf(line, language)).join('\n')
      : `<tr><td style="${STYLES.event}">${escapeHtml(empty)}</td></tr>`;
  return `<!doctype html>
<html lang="${language.tag}" dir="${language.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escapeHtml(subject)}</title>
</head>
<body style="${STYLES.body}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" dir="${language.direction}" style="${STYLES.card}">
<tr><td style="padding:24px 24px 8px;font-size:18px;font-weight:600" dir="auto">${escapeHtml(greeting)}</td></tr>
<tr><td style="padding:0 24px 16px" dir="auto">${escapeHtml(intro)}</td></tr>
${rows}
<tr><td style="padding:8px"></td></tr>
<tr><td style="${STYLES.footer}">${escapeHtml(footer)}</td></tr>
</table>
</td></tr></table>
</body>
</html>
`;
};

const rowOf = ({ kind, author, text, at }: Line, language: MailLanguage): string => {
  const time = escapeHtml(language.time(at));
  if (kind === 'event')
    return `<tr><td style="${STYLES.event}"><span dir="auto">${escapeHtml(text)}</span> · ${time}</td></tr>`;
  const end = language.direction === 'rtl' ? 'left' : 'right';
  const start = language.direction === 'rtl' ? 'right' : 'left';
  return `<tr><td style="padding:6px 24px" align="${kind === 'own' ? end : start}">
<table role="presentation" cellpadding="0" cellspacing="0" style="max-width:85%"><tr><td style="${STYLES.meta}"><strong dir="auto">${escapeHtml(author)}</strong> · ${time}</td></tr>
<tr><td dir="auto" style="${STYLES[kind]}">${escapeHtml(text)}</td></tr></table></td></tr>`;
};

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
