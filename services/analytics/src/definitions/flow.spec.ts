import { describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/contracts';
import {
  type Event,
  visitor,
  anna,
  system,
  bot,
  into,
  entered,
  joined,
  said,
  closed,
  factOf,
  figures,
  queueFigures,
  leftQueueForBot,
  movedTo,
  placedIn,
  messageAsked,
  messageTaken,
  parked,
  held,
  resumed,
  transferred,
  leftFor,
} from '../testing/facts.js';
const { CloseReason } = conversation;

describe('a chat that goes through several queues', () => {
  it('flows out of the one unanswered, and is answered in the other; it counts once in all', () => {
    const fact = factOf(
      [0, visitor, entered],
      [20, system, movedTo('sales')],
      [50, anna, { ...joined, value: { ...joined.value, queueId: 'sales' } } as Event],
      [60, anna, said],
    );
    const { care, sales } = queueFigures(fact);
    expect(care).toMatchObject({ offered: 1, flowedOut: 1, answered: 0 });
    expect(sales).toMatchObject({ offered: 1, answered: 1 });
    // Moved with its age.
    expect(sales?.waitOfAnswered?.sum).toBe(60);
    expect(figures(fact)).toMatchObject({ offered: 1, answered: 1, flowedOut: 0 });
    expect(figures(fact).waitOfAnswered?.sum).toBe(60);
    expect(figures(fact).queueTime?.sum).toBe(50);
  });

  it('was never offered to the queue that was asked for when the workflow placed it elsewhere', () => {
    const fact = factOf(
      [0, visitor, entered],
      [0.1, system, placedIn('sales')],
      [50, anna, { ...joined, value: { ...joined.value, queueId: 'sales' } } as Event],
      [60, anna, said],
    );
    const { care, sales } = queueFigures(fact);
    expect(care?.offered ?? 0).toBe(0);
    expect(sales).toMatchObject({ offered: 1, answered: 1, flowedOut: 0 });
    expect(sales?.waitOfAnswered?.sum).toBe(60);
    expect(fact.queueId).toBe('sales');
  });

  it('is offered to the next queue when it is handed on, with a wait of its own there', () => {
    const fact = factOf(
      [0, visitor, entered],
      [10, anna, joined],
      [12, anna, said],
      [100, anna, leftFor(3)],
      [100, anna, into('sales')],
      [100, anna, transferred],
      [140, visitor, closed(CloseReason.CLOSE_REASON_VISITOR_ENDED)],
    );
    const { care, sales } = queueFigures(fact);
    expect(care).toMatchObject({ offered: 1, answered: 1, serviceLevel: 1, transfers: 0 });
    expect(sales).toMatchObject({ offered: 1, abandoned: 1, abandonWaitMean: 40, transfers: 1 });
    expect(figures(fact)).toMatchObject({ offered: 1, answered: 1, abandoned: 0, transfers: 1 });
    expect(figures(fact).queueTime?.sum).toBe(10 + 40);
  });

  it('back in the queue where it was answered, is no new offer', () => {
    const fact = factOf(
      [0, visitor, entered],
      [1, anna, joined],
      [2, anna, said],
      [9, anna, parked],
      [60, visitor, entered],
    );
    expect(queueFigures(fact).care).toMatchObject({ offered: 1, answered: 1, waiting: 0 });
  });

  it('with a bot has flowed out, and does not wait meanwhile', () => {
    const withBot: Parameters<typeof factOf> = [
      [0, visitor, entered],
      [10, system, leftQueueForBot],
    ];
    expect(figures(factOf(...withBot))).toMatchObject({ offered: 1, flowedOut: 1, waiting: 0 });
    const ended = closed(CloseReason.CLOSE_REASON_VISITOR_ENDED);
    expect(figures(factOf(...withBot, [50, visitor, ended]))).toMatchObject({ flowedOut: 1, abandoned: 0 });
    const back = factOf(...withBot, [100, bot, entered], [105, anna, joined], [110, anna, said]);
    expect(figures(back)).toMatchObject({ offered: 1, answered: 1 });
    expect(figures(back).waitOfAnswered?.sum).toBe(20);
    expect(queueFigures(back).care).toMatchObject({ offered: 2, flowedOut: 1, answered: 1 });
  });
});

describe('a message that was left', () => {
  const asked: Parameters<typeof factOf> = [
    [0, visitor, entered],
    [60, system, messageAsked],
    [70, visitor, said],
    [70, visitor, messageTaken],
    [70, visitor, closed(CloseReason.CLOSE_REASON_MESSAGE_TAKEN)],
  ];
  const answer = (second: number): Parameters<typeof factOf> => [
    [second, anna, said],
    [second, anna, { $case: 'followUpAnswered', value: { agentId: 'anna', byMail: true } }],
  ];

  it('is no answered chat, also once it is answered', () => {
    expect(figures(factOf(...asked))).toMatchObject({ offered: 1, messageTaken: 1, messagesAnswered: 0 });
    expect(figures(factOf(...asked, ...answer(90)))).toMatchObject({
      messageTaken: 1,
      answered: 0,
      handled: 0,
      messagesAnswered: 1,
      messagesAnsweredInTime: 1,
    });
    expect(figures(factOf(...asked, ...answer(101)))).toMatchObject({
      messagesAnswered: 1,
      messagesAnsweredInTime: 0,
    });
    expect(figures(factOf(...asked)).queueTime?.sum).toBe(60);
  });

  it('without waiting is offered to the queue that answers it', () => {
    const fact = factOf([0, visitor, said], ...asked.slice(3));
    expect(queueFigures(fact).care).toMatchObject({ offered: 1, messageTaken: 1 });
  });
});

describe('an agent’s time', () => {
  it('on hold is part of the handle time and told apart; parked it is no one’s', () => {
    const fact = factOf(
      [0, visitor, entered],
      [10, anna, joined],
      [10, anna, said],
      [20, anna, held],
      [50, anna, resumed],
      [60, anna, parked],
      [600, visitor, entered],
      [610, anna, joined],
      [620, anna, held],
      [640, anna, closed(CloseReason.CLOSE_REASON_RESOLVED)],
    );
    const f = figures(fact);
    expect(f.handleTime?.sum).toBe(50 + 30);
    expect(f.holdTime?.sum).toBe(30 + 20);
    expect(f.queueTime?.sum).toBe(10 + 10);
  });
});
