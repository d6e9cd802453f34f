import assert from 'node:assert/strict';
import { NOTE, QUESTION, type Scene } from '../story.js';

/** From the first visit to the first answers. */
export const meeting: readonly Scene[] = [
  {
    name: 'a visitor opens the shop and the chat, and asks',
    play: async ({ visitor, look }) => {
      await visitor.visit();
      await visitor.page.getByLabel('Let the team see which pages I visit').check();
      await look.at(visitor.page, 'shop', { phone: true });
      await visitor.openChat();
      await look.at(visitor.page, 'widget-welcome', { phone: true });
      await visitor.say(QUESTION);
      await visitor.markOf(QUESTION).getByText('Sent').waitFor();
      await visitor.chat.getByText('Waiting for an agent').first().waitFor();
      await look.at(visitor.page, 'widget-waiting', { phone: true });
    },
  },
  {
    name: 'an agent logs in; the offer rings once they are available, with its reasons, and is accepted',
    play: async ({ world, anna, look }) => {
      await anna.open();
      await look.at(anna.page, 'desk-login', { phone: true });
      await anna.signIn(world.login('anna'));
      await look.at(anna.page, 'desk-inbox', { phone: true });
      await anna.setStatus('Available');
      await anna.offer.waitFor();
      await anna.offer.getByText(QUESTION).waitFor();
      await anna.offer.getByText('You serve Customer care').waitFor();
      await anna.offer.getByRole('timer').waitFor();
      await look.at(anna.page, 'desk-offer', { phone: true });
      await anna.offer.getByRole('button', { name: 'Accept' }).click();
      await anna.offer.waitFor({ state: 'detached' });
      await anna.message(QUESTION).waitFor();
      await anna.composer.waitFor();
    },
  },
  {
    name: 'the visitor learns who is there, and both see the other type',
    play: async ({ visitor, anna }) => {
      await visitor.chat.getByText('Anna Berg joined the chat').waitFor();
      await visitor.markOf(QUESTION).getByText('Read').waitFor();
      await visitor.composer.pressSequentially('It should go with me to');
      await anna.page.locator('.typing').getByText('It should go with me to').waitFor();
      await visitor.composer.fill('');
      await anna.page.locator('.typing-preview').waitFor({ state: 'detached' });
      await anna.composer.pressSequentially('Let me look');
      await visitor.chat.getByText('Anna Berg is typing').waitFor();
      await anna.composer.fill('');
      await visitor.chat.getByText('Anna Berg is typing').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'messages go both ways and are marked as read',
    play: async ({ visitor, anna, look }) => {
      const answer = 'Hi, Anna here. Yes: 54 × 34 × 20 cm, most airlines take it.';
      await anna.say(answer);
      await visitor.chat.getByText(answer).waitFor();
      await anna.message(answer).getByText('Read').waitFor();
      await visitor.say('Perfect. And the rain cover, is it included?');
      await anna.message('is it included').waitFor();
      await visitor.markOf('is it included').getByText('Read').waitFor();
      await anna.say('It is, in the bottom pocket.');
      await visitor.chat.getByText('in the bottom pocket').waitFor();
      assert.deepEqual(await visitor.texts(), await anna.texts());
      await look.at(visitor.page, 'widget-chat', { phone: true });
    },
  },
  {
    name: 'a note is seen at the desk and never reaches the visitor',
    play: async ({ visitor, anna }) => {
      await anna.note();
      await anna.say(NOTE);
      await anna.thread.locator('[data-kind="note"]', { hasText: NOTE }).waitFor();
      await anna.reply();
      // What follows the note on the log has arrived, so the note's own place has as well.
      await anna.say('Anything else you want to know?');
      await visitor.chat.getByText('Anything else you want to know?').waitFor();
      assert.ok(visitor.received.length > 0, 'the visitor’s frames are recorded');
      assert.ok(
        !visitor.received.some((frame) => frame.includes('zebra')),
        'the note was sent to the visitor',
      );
      assert.ok(!(await visitor.frame().content()).includes('zebra'));
    },
  },
];
