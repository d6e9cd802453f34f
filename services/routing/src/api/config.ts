import { invalidArgument } from '@parley/kernel';
import { executeFor, readFor, type ApiDeps, type RoutingHandlers } from './deps.js';

type ConfigHandlers = Pick<
  RoutingHandlers,
  | 'putQueue'
  | 'removeQueue'
  | 'putAgent'
  | 'removeAgent'
  | 'putTeam'
  | 'removeTeam'
  | 'listTeams'
  | 'putSkill'
  | 'removeSkill'
  | 'listSkills'
  | 'getRoutingSettings'
  | 'putRoutingSettings'
>;

/** Handlers of queues, agents, teams, skills and settings. */
export const configHandlers = (deps: Pick<ApiDeps, 'writer'>): ConfigHandlers => {
  const execute = executeFor(deps);
  const read = readFor(deps);
  return {
    putQueue({ commandId, expectedVersion, ...fields }, context) {
      const command = { kind: 'putQueue', expectedVersion, queue: { ...fields, version: 0 } } as const;
      return execute(context, commandId, command, (state) => ({
        queue: state.queues.get(fields.queueId)?.config,
      }));
    },

    removeQueue: ({ commandId, queueId }, context) =>
      execute(context, commandId, { kind: 'removeQueue', queueId }, () => ({})),

    async putAgent({ commandId, expectedVersion, ...fields }, context) {
      // What no filter can ask for would be a typing error that nobody notices.
      const skills = await read(context, (state) => state.skills);
      const unknown = Object.keys(fields.skills).find((skillId) => !skills.has(skillId));
      if (unknown !== undefined)
        throw invalidArgument(
          `skills.${unknown}`,
          `there is no skill "${unknown}"; PutSkill makes one, ${skills.size > 0 ? `and there are such as "${[...skills.keys()][0] ?? ''}"` : 'and there is none yet'}`,
        );
      const command = { kind: 'putAgent', expectedVersion, agent: { ...fields, version: 0 } } as const;
      return execute(context, commandId, command, (state) => ({
        agent: state.agents.get(fields.agentId)?.config,
      }));
    },

    removeAgent: ({ commandId, agentId }, context) =>
      execute(context, commandId, { kind: 'removeAgent', agentId }, () => ({})),

    putTeam({ commandId, expectedVersion, ...fields }, context) {
      const command = { kind: 'putTeam', expectedVersion, team: { ...fields, version: 0 } } as const;
      return execute(context, commandId, command, (state) => ({
        team: state.teams.get(fields.teamId)?.config,
      }));
    },

    removeTeam: ({ commandId, teamId }, context) =>
      execute(context, commandId, { kind: 'removeTeam', teamId }, () => ({})),

    listTeams: (_request, context) =>
      read(context, (state) => ({ teams: [...state.teams.values()].map(({ config }) => config) })),

    putSkill({ commandId, expectedVersion, ...fields }, context) {
      const command = { kind: 'putSkill', expectedVersion, skill: { ...fields, version: 0 } } as const;
      return execute(context, commandId, command, (state) => ({ skill: state.skills.get(fields.skillId) }));
    },

    removeSkill: ({ commandId, skillId }, context) =>
      execute(context, commandId, { kind: 'removeSkill', skillId }, () => ({})),

    listSkills: (_request, context) => read(context, (state) => ({ skills: [...state.skills.values()] })),

    getRoutingSettings: (_request, context) => read(context, ({ settings }) => ({ settings })),

    putRoutingSettings({ commandId, expectedVersion, ...fields }, context) {
      const command = { kind: 'putSettings', expectedVersion, settings: { ...fields, version: 0 } } as const;
      return execute(context, commandId, command, ({ settings }) => ({ settings }));
    },
  };
};
