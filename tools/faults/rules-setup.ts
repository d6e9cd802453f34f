import { routing } from '@parley/contracts';
import { newUlid } from '@parley/kernel';
import type { Desk } from '../../services/routing/src/testing/trio.js';

/** Whoever waits for so long hears of it, s. */
export const FAILSAFE_SECONDS = 10;
/** What chats are about: the second one needs a skill. */
export const TOPICS = ['orders', 'billing', ''];

const id = (): string => newUlid(Date.now());

/** Queues, a workflow with skills that relax, a team with a limit, and agents; returns the agents' ids. */
export const setUp = async (desk: Desk): Promise<string[]> => {
  const common = { offerTimeoutSeconds: 4, failsafeSeconds: FAILSAFE_SECONDS };
  await desk.queue('sales', { isDefault: true, offerTo: 2, ...common });
  await desk.queue('experts', common);
  const skill = {
    commandId: id(),
    skillId: 'billing',
    name: 'Billing',
    expectedVersion: 0,
    mustBeNew: false,
  };
  await desk.routing.putSkill(skill, desk.boss);
  const team = routing.PutTeamRequest.fromPartial({
    commandId: id(),
    teamId: 'first',
    name: 'First',
    maxUsed: 7,
  });
  await desk.routing.putTeam(team, desk.boss);
  const agents = ['ann', 'bob', 'cleo', 'dan', 'eve', 'fred'];
  for (const [i, agentId] of agents.entries())
    await desk.agent(agentId, {
      capacity: 2,
      teamId: i < 4 ? 'first' : '',
      queueIds: i < 4 ? ['sales'] : ['sales', 'experts'],
      skills: i % 3 === 0 ? { billing: 3 } : {},
    });
  const to = { $case: 'queueId', value: 'sales' } as const;
  const workflow = routing.Workflow.fromPartial({
    filters: [
      {
        name: 'Billing',
        when: 'topic == "billing"',
        requirements: { skills: { billing: 3 } },
        priority: 2,
        targets: [
          { to, untilSeconds: 3 },
          { to, relaxations: [{ skill: 'billing', level: 0 }] },
        ],
      },
    ],
  });
  const draft = { commandId: id(), workflow, expectedRevision: 0, mustBeNew: false };
  const { draftRevision } = await desk.routing.saveWorkflowDraft(draft, desk.boss);
  await desk.routing.publishWorkflow({ commandId: id(), draftRevision, comment: '' }, desk.boss);
  return agents;
};
