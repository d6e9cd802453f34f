import type { Connection, gateway, routing, routingEvents } from '@parley/client';
import { createContext, useContext } from 'react';
import { readPeople } from '../../desk/people.js';

/** What is configured, as it was read last. */
export interface AdminData {
  readonly people: readonly gateway.User[];
  readonly agents: readonly routingEvents.Agent[];
  readonly teams: readonly routingEvents.Team[];
  readonly skills: readonly routingEvents.Skill[];
  readonly queues: readonly routingEvents.Queue[];
  readonly schedules: readonly routingEvents.Schedule[];
  readonly settings: routingEvents.RoutingSettings;
}

interface Admin {
  readonly data: AdminData;
  /** Reads everything again; what is shown stays until then. */
  readonly again: () => void;
}

const SERVICE = 'parley.routing.v1.RoutingService';
const byName = (a: { name?: string }, b: { name?: string }): number =>
  (a.name ?? '').localeCompare(b.name ?? '');
const present = <T>(value: T | undefined): value is T => value !== undefined;

/** Reads all of it. Rejects with an ApiError. */
export const loadAdminData = async (connection: Connection): Promise<AdminData> => {
  const [people, agents, teams, skills, queues, schedules, settings] = await Promise.all([
    readPeople(connection),
    connection.call(`${SERVICE}/ListAgents`, {}),
    connection.call(`${SERVICE}/ListTeams`, {}),
    connection.call(`${SERVICE}/ListSkills`, {}),
    connection.call(`${SERVICE}/ListQueues`, {}),
    connection.call(`${SERVICE}/ListSchedules`, {}),
    connection.call(`${SERVICE}/GetRoutingSettings`, {}),
  ]);
  return {
    people: people.toSorted(byName),
    agents: (agents.agents ?? [])
      .map(({ agent }: routing.AgentState) => agent)
      .filter(present)
      .sort(byName),
    teams: (teams.teams ?? []).toSorted(byName),
    skills: (skills.skills ?? []).toSorted(byName),
    queues: (queues.queues ?? [])
      .map(({ queue }: routing.QueueState) => queue)
      .filter(present)
      .sort(byName),
    schedules: (schedules.schedules ?? []).toSorted(byName),
    settings: settings.settings ?? {},
  };
};

export const AdminContext = createContext<Admin | undefined>(undefined);

/** The configuration, inside the administration. */
export const useAdmin = (): Admin => {
  const admin = useContext(AdminContext);
  if (!admin) throw new Error('useAdmin is for pages of the administration.');
  return admin;
};
