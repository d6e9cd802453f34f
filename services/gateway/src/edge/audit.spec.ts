import { describe, expect, it } from '@jest/globals';
import { methods, presence } from '@parley/contracts';
import { auditedTarget } from './audit.js';

describe('what goes to the audit log', () => {
  it('has a status that somebody else set, and not one’s own', () => {
    const setStatus = methods.get('parley.presence.v1.PresenceService/SetStatus')!;
    const response = presence.SetStatusResponse.fromPartial({ presence: { agentId: 'ann' } });
    const by = (id: string, agentId: string): string | undefined =>
      auditedTarget(setStatus, { agentId }, response, { role: 'supervisor', id });
    expect(by('sue', 'ann')).toBe('ann');
    expect(by('ann', 'ann')).toBeUndefined();
    expect(by('ann', '')).toBeUndefined();
  });
});
