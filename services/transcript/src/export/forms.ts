import { conversation, transcript } from '@parley/contracts';
import type { TranscriptFile } from './file.js';
import { pageFile } from './page.js';

interface Form {
  readonly mediaType: string;
  readonly extension: string;
  readonly open: (summary: transcript.Summary, locale: string) => TranscriptFile;
}

/** GetTranscriptResponse in protobuf's JSON. */
const jsonFile = (summary: transcript.Summary): TranscriptFile => ({
  head: `{\n  "summary": ${indented(transcript.Summary.toJSON(summary), '  ')},\n  "events": [`,
  event: (recorded) => `\n    ${indented(conversation.RecordedEvent.toJSON(recorded), '    ')}`,
  separator: ',',
  tail: '\n  ]\n}\n',
});

const indented = (json: unknown, by: string): string =>
  JSON.stringify(json, null, 2).replaceAll('\n', `\n${by}`);

const { ExportTranscriptRequest_Format: Format } = transcript;

/** The kinds of files that transcripts are exported as. */
export const forms: Readonly<Partial<Record<transcript.ExportTranscriptRequest_Format, Form>>> = {
  [Format.FORMAT_JSON]: { mediaType: 'application/json', extension: 'json', open: jsonFile },
  [Format.FORMAT_HTML]: { mediaType: 'text/html; charset=utf-8', extension: 'html', open: pageFile },
};

/**
 * A part of the file: so many bytes of these events, one event at least, with head and tail where it begins and ends. A
 * character may be several in a file, so fewer events fit than were read.
 */
export const partOf = (
  { head, event, separator, tail }: TranscriptFile,
  {
    events,
    more,
    begins,
    maxBytes,
  }: {
    readonly events: readonly conversation.RecordedEvent[];
    readonly more: boolean;
    readonly begins: boolean;
    readonly maxBytes: number;
  },
): { content: Buffer; nextAfterVersion: number } => {
  const texts = begins ? [head] : [];
  let size = 0;
  let last = 0;
  for (const [i, recorded] of events.entries()) {
    const text = `${begins && i === 0 ? '' : separator}${event(recorded)}`;
    size += Buffer.byteLength(text);
    if (i > 0 && size > maxBytes) return { content: Buffer.from(texts.join('')), nextAfterVersion: last };
    texts.push(text);
    last = recorded.version;
  }
  if (!more) texts.push(tail);
  return { content: Buffer.from(texts.join('')), nextAfterVersion: more ? last : 0 };
};
