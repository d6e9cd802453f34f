import { describe, expect, it } from '@jest/globals';
import { recordedEvents, transcript, visibleTo } from '@parley/contracts';
import { AGENT, Chat, VISITOR, closed, joined, noted, said, started } from '../testing/chats.js';
import { catalogues, mailLanguage } from './messages/index.js';
import { en } from './messages/en.js';
import { transcriptLetter } from './template.js';

const content = () => {
  const chat = new Chat('acme', '0-chat', Date.UTC(2026, 2, 1, 9));
  chat.next(VISITOR, started());
  chat.next(AGENT, joined());
  chat.next(VISITOR, said('Is <b>this</b> & "that" שלום here?'));
  chat.next(AGENT, noted('private remark'));
  chat.next(AGENT, said('It is.\nReally.'));
  chat.next(AGENT, closed());
  return transcript.GetTranscriptResponse.fromPartial({
    summary: { conversationId: '0-chat', contactName: 'Vera', startedAt: new Date(Date.UTC(2026, 2, 1, 9)) },
    events: chat.commits.flatMap(recordedEvents).map((recorded) => visibleTo('visitor', recorded)),
  });
};

describe('words of mails', () => {
  it.each(Object.keys(catalogues))('are complete in %s, with the same blanks', (tag) => {
    const words = catalogues[tag] ?? en;
    expect(Object.keys(words).sort()).toEqual(Object.keys(en).sort());
    const blanks = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([blank]) => blank).sort();
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      expect(words[key]).not.toBe('');
      expect({ key, blanks: blanks(words[key]) }).toEqual({ key, blanks: blanks(en[key]) });
    }
  });

  it('fall back to English, and formats to what the machine knows', () => {
    expect(mailLanguage('fr-FR').tag).toBe('en');
    expect(mailLanguage('').tag).toBe('en');
    expect(mailLanguage('not a locale!').tag).toBe('en');
    expect(mailLanguage('constructor').tag).toBe('en');
    expect(mailLanguage('de-AT').tag).toBe('de');
  });
});

describe('a transcript by mail', () => {
  it('has both sides in order, and nothing internal', () => {
    const { subject, text, html } = transcriptLetter(content(), 'en');
    expect(subject).toBe('Your conversation of March 1, 2026');
    expect(text).toContain('Hello Vera,');
    expect(text.indexOf('Is <b>this</b>')).toBeLessThan(text.indexOf('It is.'));
    expect(text).toContain('Anna joined the conversation');
    expect(text + html).not.toContain('private remark');
  });

  it('escapes what people wrote', () => {
    const { html } = transcriptLetter(content(), 'de');
    expect(html).toContain('Is &lt;b&gt;this&lt;/b&gt; &amp; &quot;that&quot; שלום here?');
    expect(html).not.toContain('<b>');
    expect(html).toContain('<html lang="de" dir="ltr">');
    expect(html).toContain('dir="auto"');
  });

  it('speaks German', () => {
    const { subject, text } = transcriptLetter(content(), 'de-AT');
    expect(subject).toBe('Ihr Gespräch vom 1. März 2026');
    expect(text).toContain('Das Gespräch wurde beendet');
  });

  it('ends, and says so, where it is more than a mail can hold', () => {
    const chat = new Chat('acme', '0-chat', 0);
    for (let i = 0; i < 300; i++) chat.next(VISITOR, said(`${i}. ${'x'.repeat(65_000)}`));
    const events = chat.commits.flatMap(recordedEvents);
    const letter = transcriptLetter({ summary: undefined, events }, 'de');
    for (const body of [letter.text, letter.html]) {
      expect(body.length).toBeLessThan(1_100_000);
      expect(body).toContain('14. x');
      expect(body).toContain('Der Rest fehlt');
    }
    expect(transcriptLetter(content(), 'de').text).not.toContain('Der Rest fehlt');
  });

  it('says so when there is nothing', () => {
    const { text } = transcriptLetter(transcript.GetTranscriptResponse.fromPartial({}), 'en');
    expect(text).toContain('Nothing was said');
  });
});
