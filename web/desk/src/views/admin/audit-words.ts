import type { gateway } from '@parley/client';
import type { AdminWord, AdminWords } from './words.js';

/** Acts on the audit log that have words of their own, by the name of their method. */
const METHODS: Readonly<Record<string, AdminWord>> = {
  PutQueue: 'actPutQueue',
  RemoveQueue: 'actRemoveQueue',
  PutAgent: 'actPutAgent',
  RemoveAgent: 'actRemoveAgent',
  PutTeam: 'actPutTeam',
  RemoveTeam: 'actRemoveTeam',
  PutSkill: 'actPutSkill',
  RemoveSkill: 'actRemoveSkill',
  PutSchedule: 'actPutSchedule',
  RemoveSchedule: 'actRemoveSchedule',
  PutRoutingSettings: 'actPutSettings',
  SaveWorkflowDraft: 'actSaveDraft',
  PublishWorkflow: 'actPublish',
  RollBackWorkflow: 'actRollBack',
  AssignConversation: 'actAssign',
  TransferConversation: 'actTransfer',
  SetStatus: 'actSetStatus',
  MonitorConversation: 'actMonitor',
  WhisperToAgent: 'actWhisper',
  JoinAsSupervisor: 'actJoin',
  TakeOverConversation: 'actTakeOver',
  GetTranscript: 'actReadTranscript',
  ExportTranscript: 'actExport',
  SearchTranscripts: 'actSearch',
  SetRetention: 'actRetention',
  EraseConversation: 'actErase',
  EraseContact: 'actEraseContact',
};

/** What an entry says was done, and to what. A method without words is shown by its name. */
export const actWords = (
  { event = {} }: gateway.AuditEntry,
  t: AdminWords['t'],
  personOf: (id: string) => string | undefined,
): { what: string; target: string; details: string } => ({
  ...wordsOf(event, t, personOf),
  details: detailsOf(event.actPerformed?.details ?? {}),
});

/** What was asked for, as the log has it: fields and their values. */
const detailsOf = (details: Readonly<Record<string, string>>): string =>
  Object.entries(details)
    .map(([field, value]) => `${field}: ${value}`)
    .join(', ');

const wordsOf = (
  event: NonNullable<gateway.AuditEntry['event']>,
  t: AdminWords['t'],
  personOf: (id: string) => string | undefined,
): { what: string; target: string } => {
  const person = (id = ''): string => personOf(id) ?? id;
  if (event.actPerformed) {
    const { method = '', targetId = '' } = event.actPerformed;
    const name = method.split('/').at(-1) ?? method;
    const words = METHODS[name];
    return { what: words ? t(words) : name, target: person(targetId) };
  }
  if (event.tenantCreated) return { what: t('actTenantCreated'), target: event.tenantCreated.tenant ?? '' };
  if (event.settingsChanged)
    return { what: t('actSettings'), target: (event.settingsChanged.settings ?? []).join(', ') };
  if (event.userCreated) return { what: t('actUserCreated'), target: person(event.userCreated.userId) };
  if (event.userChanged) {
    const { userId, passwordChanged } = event.userChanged;
    return { what: t(passwordChanged ? 'actPasswordChanged' : 'actUserChanged'), target: person(userId) };
  }
  if (event.apiKeyCreated) return { what: t('actKeyCreated'), target: event.apiKeyCreated.keyId ?? '' };
  if (event.apiKeyRevoked) return { what: t('actKeyRevoked'), target: event.apiKeyRevoked.keyId ?? '' };
  if (event.loggedIn) return { what: t('actLoggedIn'), target: '' };
  if (event.loginFailed) {
    const { userId, count = 0, changingPassword } = event.loginFailed;
    return userId
      ? { what: t(changingPassword ? 'actPasswordRefused' : 'actLoginFailed'), target: person(userId) }
      : { what: t('actLoginUnknown', { count: Math.max(1, count) }), target: '' };
  }
  return { what: t('actOther'), target: '' };
};
