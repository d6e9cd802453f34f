import { conversation, LANGUAGE_TAG, type routing } from '@parley/contracts';
import { invalidArgument } from '@parley/kernel';
import { DEFAULT_CAPACITY, type RoutingState } from '../domain.js';
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
    putQueue({ commandId, ...request }, context) {
      const { expected, thing } = wished(request);
      const command = { kind: 'putQueue', ...expected, queue: thing } as const;
      return execute(context, commandId, command, (state) => ({
        queue: state.queues.get(request.queueId)?.config,
      }));
    },

    removeQueue: ({ commandId, ...which }, context) =>
      execute(context, commandId, { kind: 'removeQueue', ...which }, () => ({})),

    async putAgent({ commandId, ...request }, context) {
      refuseUnknown(await read(context, (state) => state.skills), request);
      const { expected, thing } = wished(request);
      const command = { kind: 'putAgent', ...expected, agent: thing } as const;
      return execute(context, commandId, command, (state) => ({
        agent: state.agents.get(request.agentId)?.config,
      }));
    },

    removeAgent: ({ commandId, ...which }, context) =>
      execute(context, commandId, { kind: 'removeAgent', ...which }, () => ({})),

    putTeam({ commandId, ...request }, context) {
      const { expected, thing } = wished(request);
      const command = { kind: 'putTeam', ...expected, team: thing } as const;
      return execute(context, commandId, command, (state) => ({
        team: state.teams.get(request.teamId)?.config,
      }));
    },

    removeTeam: ({ commandId, ...which }, context) =>
      execute(context, commandId, { kind: 'removeTeam', ...which }, () => ({})),

    listTeams: (_request, context) =>
      read(context, (state) => ({ teams: [...state.teams.values()].map(({ config }) => config) })),

    putSkill({ commandId, ...request }, context) {
      const { expected, thing } = wished(request);
      const command = { kind: 'putSkill', ...expected, skill: thing } as const;
      return execute(context, commandId, command, (state) => ({ skill: state.skills.get(request.skillId) }));
    },

    removeSkill: ({ commandId, ...which }, context) =>
      execute(context, commandId, { kind: 'removeSkill', ...which }, () => ({})),

    listSkills: (_request, context) => read(context, (state) => ({ skills: [...state.skills.values()] })),

    getRoutingSettings: (_request, context) => read(context, ({ settings }) => ({ settings })),

    async putRoutingSettings({ commandId, ...request }, context) {
      for (const channel of Object.keys(request.channelWeights))
        if (!CHANNELS.includes(channel))
          throw invalidArgument(
            `channelWeights.${channel}`,
            `there is no such channel; write ${CHANNELS.join(' or ')}`,
          );
      refuseTooHeavy(await read(context, mostUnits), request.channelWeights);
      const { expected, thing } = wished(request);
      const command = { kind: 'putSettings', ...expected, settings: thing } as const;
      return execute(context, commandId, command, ({ settings }) => ({ settings }));
    },
  };
};

/** What is to be stored, and what its caller believes of the version there is. */
const wished = <R extends { readonly expectedVersion: number; readonly mustBeNew: boolean }>({
  expectedVersion,
  mustBeNew,
  ...fields
}: R) => ({ expected: { expectedVersion, mustBeNew }, thing: { ...fields, version: 0 } });

const CHANNELS = Object.keys(conversation.Channel)
  .filter((name) => name.startsWith('CHANNEL_') && name !== 'CHANNEL_UNSPECIFIED')
  .map((name) => name.slice('CHANNEL_'.length));

/**
 * The most that an agent could ever take at once, which a team's limit may lower and a new agent's ramp lowers for a time
 * only; undefined while there are no agents.
 */
const mostUnits = ({ agents }: RoutingState): number | undefined => {
  let most: number | undefined;
  for (const { config, team } of agents.values())
    if (config)
      most = Math.max(
        most ?? 0,
        Math.min(config.capacity || DEFAULT_CAPACITY, team?.config.maxUsed || Infinity),
      );
  return most;
};

/**
 * Every chat of such a channel would wait forever beside free agents. Asked here and not by the engine, which has to take
 * what was stored before it was asked.
 */
const refuseTooHeavy = (most: number | undefined, weights: Readonly<Record<string, number>>): void => {
  if (most === undefined) return;
  for (const [channel, weight] of Object.entries(weights))
    if (weight > most)
      throw invalidArgument(
        `channelWeights.${channel}`,
        `no agent could take a chat that weighs ${weight}: none has more than ${most} units; write ${most} or less, such as 1, or give an agent more capacity first`,
      );
};

/**
 * What no filter could ask for would be a typing error that nobody notices. Asked here and not by the engine, which has to
 * take what was stored before it was asked.
 */
const refuseUnknown = (
  skills: ReadonlyMap<string, unknown>,
  agent: Pick<routing.PutAgentRequest, 'skills' | 'languages'>,
): void => {
  const unknown = Object.keys(agent.skills).find((skillId) => !skills.has(skillId));
  if (unknown !== undefined)
    throw invalidArgument(
      `skills.${unknown}`,
      `there is no skill "${unknown}"; PutSkill makes one, ${skills.size > 0 ? `and there are such as "${[...skills.keys()][0] ?? ''}"` : 'and there is none yet'}`,
    );
  const wrong = agent.languages.findIndex((language) => !LANGUAGE_TAG.test(language));
  if (wrong >= 0)
    throw invalidArgument(
      `languages[${wrong}]`,
      `"${(agent.languages[wrong] ?? '').slice(0, 40)}" is no language tag; write one such as "de" or "en-GB"`,
    );
};
