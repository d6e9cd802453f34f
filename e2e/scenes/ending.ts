import assert from 'node:assert/strict';
import { eventually } from '@parley/testkit';
import { EMAIL, NOTE, type Scene } from '../story.js';
import { TENANT } from '../world.js';

const LONG = { timeoutMs: 30_000 };

/** Looked at by the supervisor, closed, rated, mailed, found again. */
export const ending: readonly Scene[] = [
  {
    name: 'a supervisor sees the live chat, its note and its routing, and cannot answer by accident',
    play: async ({ world, sam, look }) => {
      await sam.open();
      await sam.signIn(world.login('sam'));
      await sam.go('All live');
      await sam.page.locator('.row', { hasText: 'Anna Berg' }).click();
      await sam.page.locator('.conversation-head').getByText('Watching').waitFor();
      await sam.thread.getByText(NOTE).waitFor();
      await sam.page.getByRole('textbox', { name: 'Write a note for your team…' }).waitFor();
      assert.equal(await sam.page.getByRole('textbox', { name: 'Write a reply…' }).count(), 0);
      await sam.page.getByText('Anna Berg accepted').first().waitFor();
      await look.at(sam.page, 'desk-supervisor', { phone: true });
      await sam.page.keyboard.press('Control+K');
      await sam.page.getByRole('combobox', { name: 'What do you want to do?' }).waitFor();
      await look.at(sam.page, 'desk-palette', { phone: true });
      await sam.page.keyboard.press('Escape');
    },
  },
  {
    name: 'the agent closes the chat with a reason',
    play: async ({ anna, visitor, look }) => {
      await anna.page.getByRole('button', { name: 'Close' }).click();
      await anna.page.getByRole('heading', { name: 'How did this chat end?' }).waitFor();
      await look.at(anna.page, 'desk-close');
      await anna.page.getByRole('button', { name: /^Resolved/ }).click();
      await anna.page.getByText('Chat closed: Resolved.').waitFor();
      await visitor.chat.getByText('How was this chat?').waitFor();
      await anna.go('Closed');
      await anna.page.locator('.row').first().getByText('Resolved').waitFor();
    },
  },
  {
    name: 'the visitor rates and asks for the transcript',
    play: async ({ visitor, look }) => {
      const { chat } = visitor;
      await look.at(visitor.page, 'widget-ended', { phone: true });
      await chat.getByRole('radio', { name: 'Very good' }).check({ force: true });
      await chat.getByPlaceholder('What could we do better?').fill('Nothing, that was quick.');
      await look.at(visitor.page, 'widget-rating', { phone: true });
      await chat.getByRole('button', { name: 'Send rating' }).click();
      await chat.getByText('Thank you for your rating.').waitFor();
      await chat.getByRole('button', { name: 'Mail me the transcript' }).click();
      await chat.getByRole('textbox', { name: 'Email' }).fill(EMAIL);
      await look.at(visitor.page, 'widget-mail', { phone: true });
      await chat.getByRole('button', { name: 'Send transcript' }).click();
      await chat.getByText('The transcript is on its way.').waitFor();
      await chat.getByRole('button', { name: 'Close' }).click();
    },
  },
  {
    name: 'the mail has arrived, without the note, and the mailbox page shows it',
    play: async ({ world, visitor, look }) => {
      const mail = await eventually(async () => {
        const { mails = [] } = await world.call('parley.notification.v1.NotificationService/ListMail', {});
        const found = mails.find(({ to }) => to === EMAIL);
        if (!found) throw new Error('the mail has not arrived');
        return found;
      }, LONG);
      for (const text of await visitor.texts())
        assert.ok(mail.text?.includes(text), `the mail lacks “${text}”`);
      assert.ok(!`${mail.text}${mail.html}`.includes('zebra'), 'the note was mailed');

      const { email, password } = world.login('admin');
      const page = await world.open({ viewport: { width: 1280, height: 800 } });
      await page.goto(`${world.httpUrl}/mailbox/`);
      await page.getByLabel('Tenant').fill(TENANT);
      await page.getByLabel('Email').fill(email);
      await page.getByLabel('Password').fill(password);
      await look.at(page, 'mailbox-login', { phone: true });
      await page.getByRole('button', { name: 'Log in as an admin' }).click();
      await page.locator('#list button', { hasText: EMAIL }).click();
      await page.locator('#mail').getByText('Grey is here today.').waitFor();
      await look.at(page, 'mailbox', { phone: true });
      await page.context().close();
    },
  },
  {
    name: 'the transcript is found by its words at the desk',
    play: async ({ world, anna, look }) => {
      // The desk asks once, for what transcript has read of the log by then.
      await eventually(async () => {
        const { transcripts = [] } = await world.call(
          'parley.transcript.v1.TranscriptService/SearchTranscripts',
          { query: 'hand luggage' },
        );
        assert.deepEqual(
          transcripts.map(({ rating }) => rating),
          [5],
        );
      }, LONG);
      await anna.go('Search');
      const field = anna.page.getByRole('searchbox', { name: 'Words in transcripts' });
      await field.fill('nowhere zebra');
      await anna.page.getByText('Nothing found').waitFor();
      await field.fill('hand luggage');
      await anna.page.getByText('1 chat', { exact: true }).waitFor();
      await anna.page.locator('.row').click();
      await anna.message('hand luggage').waitFor();
      await anna.thread.getByText(/Rated 5 of 5/).waitFor();
      await look.at(anna.page, 'desk-search', { phone: true });
    },
  },
];
