import { describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/contracts';
import {
  ann,
  annAnswered,
  annJoined,
  boss,
  by,
  given,
  integration,
  joinWish,
  messageRequested,
  sendWish,
  started,
  stateAfter,
  system,
  transferWish,
} from '../testing/story.js';
import type { Command } from './commands.js';

const chat = [started, annJoined, annAnswered] as const;
const whisper = { type: 'whisper', whisperId: 'w1', text: 'offer a refund to 4111111111111111' } as const;
const joined = by(boss, { type: 'joinAsSupervisor' }, 3000);
const takenOver = by(boss, { type: 'takeOver' }, 4000);
const cases = (command: Command, ...before: Command[]) =>
  given(...before)
    .when(command)
    .facts.map((fact) => fact.$case);
const reason = (command: Command, ...before: Command[]) =>
  given(...before).when(command).error?.details.reason;

describe('a whisper', () => {
  it('is for the agents of the chat, masked, and written once', () => {
    expect(given(...chat).when(by(boss, whisper)).facts).toEqual([
      { $case: 'whisperSent', value: { whisperId: 'w1', text: 'offer a refund to ************1111' } },
    ]);
    expect(given(...chat, by(boss, whisper)).when(by(boss, whisper))).toEqual({ facts: [] });
  });
  it('comes from supervisors, to chats with an agent', () => {
    for (const who of [ann, integration]) expect(reason(by(who, whisper), ...chat)).toBe('ROLE_NOT_ALLOWED');
    expect(reason(by(boss, whisper), started)).toBe('NO_AGENT_IN_CHAT');
  });
});

describe('a supervisor who joins', () => {
  it('stands beside the agent, and may write', () => {
    expect(given(...chat).when(joined).facts).toEqual([
      { $case: 'supervisorJoined', value: { supervisorId: 'boss', supervisorName: 'Boss' } },
    ]);
    expect(stateAfter(...chat, joined)).toMatchObject({ agentIds: ['ann'], supervisorIds: ['boss'] });
    expect(cases(by(boss, sendWish('b1'), 5000), ...chat, joined)).toEqual(['messageSent']);
    expect(given(...chat, joined).when(joined)).toEqual({ facts: [] });
  });
  it('leaves when their connection is gone', () => {
    const gone = by(system, { type: 'releaseAgent', agentId: 'boss', reason: 0 }, 5000);
    expect(cases(gone, ...chat, joined)).toEqual(['supervisorLeft']);
  });
  it('is one or the other: who takes the chat by a transfer stands beside it no more', () => {
    const asked = by(ann, transferWish({ toAgentId: 'boss' }), 3500);
    const took = by(system, { ...joinWish('boss'), transferId: 't1' }, 4000);
    expect(stateAfter(...chat, joined, asked, took)).toMatchObject({ agentIds: ['boss'], supervisorIds: [] });
  });
  it('is no agent: a chat that waits is taken over instead', () => {
    expect(reason(joined, started)).toBe('NO_AGENT_IN_CHAT');
    expect(reason(by(ann, { type: 'joinAsSupervisor' }), ...chat)).toBe('ROLE_NOT_ALLOWED');
  });
});

describe('taking over', () => {
  it('makes the supervisor the only agent, in one commit', () => {
    expect(cases(takenOver, ...chat)).toEqual(['agentLeft', 'takenOver', 'agentJoined']);
    expect(stateAfter(...chat, takenOver).agentIds).toEqual(['boss']);
    expect(given(...chat, takenOver).when(takenOver)).toEqual({ facts: [] });
  });
  it('ends the transfer under way, and the supervisor’s place beside the agent', () => {
    const asked = by(ann, transferWish(), 3500);
    expect(cases(takenOver, ...chat, joined, asked)).toEqual([
      'transferRefused',
      'agentLeft',
      'supervisorLeft',
      'takenOver',
      'agentJoined',
    ]);
  });
  it('works on chats that wait, are parked, or are with a bot; an agent who accepts later gets none', () => {
    expect(cases(takenOver, started)).toEqual(['takenOver', 'agentJoined']);
    expect(cases(takenOver, ...chat, by(ann, { type: 'park' }, 3000))).toEqual(['takenOver', 'agentJoined']);
    expect(cases(takenOver, started, by(system, { type: 'handToBot', queueVersion: 0 }, 500))).toEqual([
      'takenOver',
      'agentJoined',
    ]);
    expect(reason(by(system, joinWish('ann'), 5000), started, takenOver)).toBe('NOT_WAITING');
  });
  it('is for supervisors, and not of what is answered later', () => {
    expect(reason(by(ann, { type: 'takeOver' }), started)).toBe('ROLE_NOT_ALLOWED');
    expect(reason(takenOver, started, messageRequested)).toBe('TAKING_MESSAGE');
  });
  it('of an agent’s chat with the supervisor in it leaves them alone in it', () => {
    const asked = by(
      ann,
      transferWish({ toAgentId: 'boss', mode: conversation.TransferRequested_Mode.MODE_WARM }),
      3000,
    );
    const bossJoined = by(system, { ...joinWish('boss'), transferId: 't1' }, 3500);
    expect(cases(takenOver, ...chat, asked, bossJoined)).toEqual(['agentLeft', 'takenOver']);
    expect(stateAfter(...chat, asked, bossJoined, takenOver).agentIds).toEqual(['boss']);
  });
});
