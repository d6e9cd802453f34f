import { type conversation, fetchJson, newId } from '@parley/client';
import { TENANT, type World } from '../world.js';

const SERVICE = 'parley.conversation.v1.ConversationService';

/** Somebody who writes to the shop, and how the chat goes: by the visitor, by the agent, or a note. */
export interface Customer {
  readonly name: string;
  readonly email: string;
  readonly topic: string;
  readonly pages: readonly (readonly [file: string, title: string])[];
  readonly asks: string;
  readonly talk: readonly (readonly [who: 'visitor' | 'agent' | 'note', text: string])[];
}

export interface Started {
  readonly customer: Customer;
  readonly conversationId: string;
  readonly token: string;
}

const home = ['', 'Things for people who would rather be outside'] as const;
const gear = ['products.html', 'Gear'] as const;
const pack = ['product.html', 'Halden 38'] as const;
const help = ['help.html', 'Help'] as const;
const cart = ['cart.html', 'Cart'] as const;

export const customers: readonly Customer[] = [
  {
    name: 'Priya Raman',
    email: 'priya.raman@example.com',
    topic: 'Repair',
    pages: [home, help],
    asks: 'A pole of my Skagen 2 broke at the ferrule. Is that something you repair?',
    talk: [
      ['agent', 'Hi Priya, yes, poles are on us for life. Shall I send you a label?'],
      ['visitor', 'That would be great, thank you!'],
      ['agent', 'It is in your inbox. Count on ten days, door to door.'],
    ],
  },
  {
    name: 'Tomás Herrera',
    email: 'tomas@example.org',
    topic: 'Delivery',
    pages: [home, cart],
    asks: 'My parcel says “out for delivery” since Thursday. Could you have a look?',
    talk: [
      ['agent', 'Of course, one moment, I am asking the carrier.'],
      ['visitor', 'No hurry, I am at home all day.'],
    ],
  },
  {
    name: 'Jonas Lindqvist',
    email: 'jonas.l@example.com',
    topic: '',
    pages: [home, gear],
    asks: 'Does the Glimt lamp run on rechargeable batteries as well?',
    talk: [['agent', 'It does: three AA, 1.2 V are fine. You lose about a tenth of the light.']],
  },
  {
    name: 'Mika Tanaka',
    email: 'mika.tanaka@example.com',
    topic: 'Advice',
    pages: [home, gear, pack, help, pack],
    asks: 'Hello! I am torn between the Halden 38 and something bigger for the Kungsleden in June.',
    talk: [
      ['agent', 'Hi Mika, lovely plan! Huts or tent?'],
      ['visitor', 'Huts mostly, with two nights in a tent in the middle.'],
      ['note', 'Bought the Skagen 2 with us in 2024, so a kilo and a half of tent comes along.'],
      [
        'agent',
        'Then the Halden is enough if the tent goes outside, under the lid. I walked it that way last year: https://fernweh.example/journal/kungsleden',
      ],
      ['visitor', 'Oh nice. And the back length? I am 1.68 m.'],
      ['agent', '44 to 52 cm, it adjusts. At 1.68 m you sit right in the middle.'],
      ['visitor', 'Perfect, I will take it in green. Is the rain cover included?'],
    ],
  },
];

/** The one who waits while the others talk. */
export const caller: Customer = {
  name: 'Elena Marchetti',
  email: 'elena@example.it',
  topic: 'Order change',
  pages: [home, cart],
  asks: 'Good morning, can I still change the address of the order I placed an hour ago?',
  talk: [],
};

/** Lets a customer look around and write their first message. */
export const begin = async ({ httpUrl }: World, customer: Customer): Promise<Started> => {
  const { token = '' } = await fetchJson(httpUrl, 'parley.gateway.v1.AuthService/StartVisitorSession', {
    tenant: TENANT,
    locale: 'en',
  });
  const pages = customer.pages.map(([file, title]) => ({
    url: `https://fernweh.example/${file}`,
    title: `${title} – Fernweh`,
  }));
  for (const page of pages)
    await fetchJson(httpUrl, 'parley.presence.v1.PresenceService/RecordPageView', { page }, { token });
  const { name, email, topic, asks } = customer;
  const request: conversation.StartConversationRequest = {
    commandId: newId(),
    channel: 'CHANNEL_WEB_CHAT',
    locale: 'en',
    page: pages.at(-1) ?? {},
    topic,
    name,
    email,
    messageId: newId(),
    text: asks,
  };
  const { conversationId = '' } = await fetchJson(httpUrl, `${SERVICE}/StartConversation`, request, {
    token,
  });
  return { customer, conversationId, token };
};

/** Says what follows the first message. `agentToken`: of the agent who has accepted the chat. */
export const goOn = async (
  { httpUrl }: World,
  { customer, conversationId, token }: Started,
  agentToken: string,
): Promise<void> => {
  for (const [who, text] of customer.talk)
    if (who === 'note')
      await fetchJson(
        httpUrl,
        `${SERVICE}/AddNote`,
        { conversationId, noteId: newId(), text },
        { token: agentToken },
      );
    else
      await fetchJson(
        httpUrl,
        `${SERVICE}/SendMessage`,
        { conversationId, messageId: newId(), text },
        { token: who === 'visitor' ? token : agentToken },
      );
};
