import type { conversation } from '@parley/client';
import { type FormEvent, type ReactElement, useCallback, useState } from 'react';
import { fieldOf } from '../lib/form.js';
import type { Thread } from '../state/thread.js';
import { useDesk, useWords } from '../ui/hooks.js';
import { Icon } from '../ui/icons.js';
import { Avatar } from '../ui/parts.js';
import { useRemote } from '../ui/remote.js';
import { Editable } from './editable.js';
import { Section } from './section.js';

const SERVICE = 'parley.conversation.v1.ConversationService';
type Change = Omit<conversation.UpdateContactRequest, 'contactId' | 'expectedVersion'>;

/** Name, mail address and attributes of the contact, each of which can be changed in its place. */
export const ContactCard = ({ contactId, thread }: { contactId: string; thread: Thread }): ReactElement => {
  const { connection, notices } = useDesk();
  const { t } = useWords();
  const load = useCallback(
    () => connection.call(`${SERVICE}/GetContact`, { contactId }).then(({ contact }) => contact ?? {}),
    [connection, contactId],
  );
  const [remote, again] = useRemote(load);
  const [saved, setSaved] = useState<conversation.Contact>();
  const loaded = remote.value;
  const contact = (saved?.version ?? 0) > (loaded?.version ?? 0) ? saved : loaded;
  const name = contact?.name || thread.name;
  const verified = contact?.verified ?? thread.verified;

  const save = async (change: Change): Promise<void> => {
    const before = contact;
    setSaved({
      ...contact,
      ...change,
      attributes: { ...contact?.attributes, ...change.attributes },
      version: (contact?.version ?? 0) + 1,
    });
    try {
      const request = { contactId, ...change, expectedVersion: before?.version ?? 0 };
      setSaved((await connection.call(`${SERVICE}/UpdateContact`, request)).contact);
    } catch (error) {
      setSaved(before);
      again();
      notices.refused(error);
    }
  };

  return (
    <>
      <div className="contact">
        <Avatar id={contactId} name={name} size={48} />
        <div className="contact-words">
          <Editable
            label={t('name')}
            value={name}
            placeholder={t('visitor')}
            className="contact-name"
            onSave={(value) => void save({ name: value })}
          />
          <Editable
            label={t('email')}
            value={contact?.email || thread.email}
            placeholder={t('addEmail')}
            type="email"
            onSave={(value) => void save({ email: value })}
          />
          <p className="contact-verified" data-verified={verified}>
            <Icon name={verified ? 'verified' : 'user'} size={13} />{' '}
            {t(verified ? 'verified' : 'notVerified')}
          </p>
        </div>
      </div>
      <Section title={t('attributes')}>
        <dl className="facts">
          {Object.entries(contact?.attributes ?? {})
            .filter(([, value]) => value !== '')
            .map(([key, value]) => (
              <div key={key}>
                <dt>{key}</dt>
                <dd>
                  <Editable
                    label={key}
                    value={value}
                    onSave={(next) => void save({ attributes: { [key]: next } })}
                  />
                </dd>
              </div>
            ))}
        </dl>
        <AddAttribute onAdd={(key, value) => void save({ attributes: { [key]: value } })} />
      </Section>
    </>
  );
};

const AddAttribute = ({ onAdd }: { onAdd: (key: string, value: string) => void }): ReactElement => {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  if (!open)
    return (
      <button type="button" className="quiet-button" onClick={() => setOpen(true)}>
        <Icon name="plus" size={13} /> {t('addAttribute')}
      </button>
    );
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const [key, value] = [
      fieldOf(event.currentTarget, 'key').trim(),
      fieldOf(event.currentTarget, 'value').trim(),
    ];
    if (key && value) onAdd(key, value);
    setOpen(false);
  };
  return (
    <form
      className="attribute-form"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        setOpen(false);
      }}
    >
      <input
        name="key"
        autoFocus
        required
        maxLength={64}
        aria-label={t('attributeName')}
        placeholder={t('attributeName')}
      />
      <input
        name="value"
        required
        maxLength={500}
        aria-label={t('attributeValue')}
        placeholder={t('attributeValue')}
      />
      <button type="submit" className="button small">
        {t('save')}
      </button>
    </form>
  );
};
