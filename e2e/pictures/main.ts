// `npm run screenshots`: the pictures that README shows, of a busy half hour at the demo shop. They go to docs/images.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fetchJson } from '@parley/client';
import type { Page } from 'playwright-core';
import { Desk } from '../desk.js';
import { settled } from '../look.js';
import { Shop } from '../shop.js';
import { openWorld, TENANT } from '../world.js';
import { begin, caller, customers, goOn, type Started } from './customers.js';

const folder = join(process.cwd(), 'docs/images');
const WIDE = { width: 1440, height: 900 };

const take = async (page: Page, name: string): Promise<void> => {
  await settled(page);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(`docs/images/${name}.png`);
};

mkdirSync(folder, { recursive: true });
const world = await openWorld();
try {
  const deskOf = async (userId: string): Promise<Desk> => {
    const desk = new Desk(await world.open({ viewport: WIDE }), world.deskNetwork.origin);
    await desk.open();
    await desk.signIn(world.login(userId));
    return desk;
  };
  const { email, password } = world.login('anna');
  const { tokens } = await fetchJson(world.httpUrl, 'parley.gateway.v1.AuthService/Login', {
    tenant: TENANT,
    email,
    password,
  });
  const agentToken = tokens?.accessToken ?? '';

  const anna = await deskOf('anna');
  await anna.setStatus('Available');
  const serve = async (started: Started): Promise<void> => {
    await anna.offer.waitFor();
    await anna.page.keyboard.press('Alt+A');
    await anna.message(started.customer.asks).waitFor();
    await goOn(world, started, agentToken);
  };

  const shop = new Shop(
    await world.open({ viewport: { width: 1280, height: 800 } }),
    world.shopNetwork.origin,
  );
  await shop.visit('product.html');
  await shop.page.evaluate(`Parley('identify', { name: 'Noor de Vries' })`);
  await shop.openChat();
  await shop.say('Hi! Would the Halden 38 count as hand luggage?');
  await anna.offer.waitFor();
  await anna.page.keyboard.press('Alt+A');
  await anna.message('hand luggage').waitFor();
  await anna.say('Hello, Anna here! It measures 54 × 34 × 20 cm, and most airlines take that.');
  await shop.say('Most … also on the way to Tromsø?');
  await shop.markOf('Tromsø').getByText('Read').waitFor();
  await anna.say('Yes, I have flown there with it. Leave the lid half empty and nobody measures.');
  await shop.chat.getByText('nobody measures').waitFor();
  await anna.composer.pressSequentially('And');
  await shop.chat.getByText('Anna Berg is typing').waitFor();
  await take(shop.page, 'widget');
  await shop.page.emulateMedia({ colorScheme: 'dark' });
  await shop.page.setViewportSize({ width: 390, height: 844 });
  await anna.composer.pressSequentially(' one more thing');
  await shop.chat.getByText('Anna Berg is typing').waitFor();
  await take(shop.page, 'widget-phone');
  await anna.composer.fill('');
  await anna.page.getByRole('button', { name: 'Close' }).click();
  await anna.page.getByRole('button', { name: /^Resolved/ }).click();
  await anna.page.getByRole('button', { name: 'Dismiss' }).click();
  await shop.chat.getByRole('radio', { name: 'Very good' }).check({ force: true });
  await shop.chat.getByRole('button', { name: 'Send rating' }).click();

  for (const customer of customers) await serve(await begin(world, customer));
  const last = customers.at(-1);
  await anna.message(last?.talk.at(-1)?.[1] ?? '').waitFor();
  await anna.page
    .getByRole('complementary', { name: 'Customer' })
    .getByText(/pages seen/)
    .click();
  await take(anna.page, 'desk');

  // Anna is full; Ben hears of the next one.
  const ben = await deskOf('ben');
  await ben.setStatus('Available');
  await begin(world, caller);
  await ben.offer.getByText(caller.asks).waitFor();
  await ben.page.emulateMedia({ colorScheme: 'dark' });
  await take(ben.page, 'offer');

  const sam = await deskOf('sam');
  await sam.go('Reports');
  await sam.page.getByRole('heading', { name: 'Chats by quarter hour' }).waitFor();
  await sam.page.getByText('Active now').waitFor();
  await take(sam.page, 'reports');
} finally {
  await world.close();
}
process.exit(0);
