import type { gateway } from '@parley/client';
import { type ReactElement, useState } from 'react';
import { SelectField, SwitchField, TextField } from '../../../ui/fields.js';
import { useDesk } from '../../../ui/hooks.js';
import { useAdmin } from '../admin-data.js';
import type { FieldsProps, Kind } from '../entity-section.js';
import { FormGroup } from '../form-group.js';
import { NameFields } from '../name-fields.js';
import { newPassword, shownSecret } from '../settings/secrets.js';
import { type AdminWord, useAdminWords } from '../words.js';

type User = gateway.User;
const SERVICE = 'parley.gateway.v1.TenantService';

const ROLES: readonly (readonly [string, AdminWord])[] = [
  ['agent', 'roleAgent'],
  ['supervisor', 'roleSupervisor'],
  ['admin', 'roleAdmin'],
];

const Fields = ({ form, isNew }: FieldsProps<User>): ReactElement => {
  const { value, set, problem } = form;
  const { t } = useAdminWords();
  const own = useDesk().viewer.userId === value.userId;
  return (
    <>
      <NameFields form={form} idField="userId" isNew={isNew} />
      <TextField
        label={t('email')}
        hint={t(isNew ? 'emailHint' : 'emailFixed')}
        error={problem('email')}
        required
        readOnly={!isNew}
        maxLength={320}
        value={value.email ?? ''}
        onChange={(email) => set({ email })}
      />
      <FormGroup title={t('groupRights')} lead={t('rightsLead')}>
        <SelectField
          label={t('role')}
          hint={t(own ? 'ownRoleHint' : 'roleHint')}
          error={problem('role')}
          value={value.role ?? 'agent'}
          options={ROLES.map(([role, word]): [string, string] => [role, t(word)])}
          onChange={(role) => set({ role })}
        />
        {!isNew && (
          <SwitchField
            label={t('maySignIn')}
            hint={t('maySignInHint')}
            error={problem('disabled')}
            on={!value.disabled}
            onChange={(may) => set({ disabled: !may })}
          />
        )}
      </FormGroup>
      {!isNew && <Password user={value} />}
    </>
  );
};

const Password = ({ user: { userId = '', name = '' } }: { user: User }): ReactElement => {
  const { connection, notices } = useDesk();
  const { again } = useAdmin();
  const { t } = useAdminWords();
  const [busy, setBusy] = useState(false);
  const reset = async (): Promise<void> => {
    setBusy(true);
    const password = newPassword();
    try {
      await connection.call(`${SERVICE}/UpdateUser`, { userId, password });
      shownSecret.update(() => ({ title: 'passwordOf', lead: 'passwordLead', name, text: password }));
      again();
    } catch (error) {
      notices.refused(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <FormGroup title={t('password')} lead={t('resetLead')}>
      <p>
        <button type="button" className="button" disabled={busy} onClick={() => void reset()}>
          {t('resetPassword')}
        </button>
      </p>
    </FormGroup>
  );
};

/** People who may sign in at the desk, and what each may do. */
export const people: Kind<User> = {
  section: 'people',
  method: 'UpdateUser',
  idField: 'userId',
  words: { title: 'people', lead: 'peopleLead', add: 'addPerson', none: 'noPeople' },
  all: (data) => data.people,
  detailOf: ({ email = '', role = '', disabled }, _data, { t }) => {
    const word = ROLES.find(([known]) => known === role)?.[1];
    return [disabled && t('deactivated'), word ? t(word) : role, email].filter(Boolean).join(' · ');
  },
  blank: () => ({ role: 'agent' }),
  labels: { name: 'name', email: 'email', role: 'role', disabled: 'maySignIn' },
  put: async (
    connection,
    { userId = '', email = '', name = '', role = '', disabled },
    { expectedVersion, mustBeNew },
  ) => {
    if (!mustBeNew) {
      const request = { userId, name, role, disabled: disabled ?? false, expectedVersion };
      return (await connection.call(`${SERVICE}/UpdateUser`, request)).user ?? {};
    }
    const password = newPassword();
    const { user } = await connection.call(`${SERVICE}/CreateUser`, { userId, email, name, role, password });
    shownSecret.update(() => ({ title: 'passwordOf', lead: 'passwordLead', name, text: password }));
    return user ?? {};
  },
  Fields,
};
