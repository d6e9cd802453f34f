import { type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { openDialog } from '../desk/ui-state.js';
import { errorWords } from '../i18n/error-words.js';
import { changePassword } from '../session/session.js';
import { type PasswordField, refusedField, SHORTEST_PASSWORD, wrongWith } from '../state/password.js';
import { refusalOf } from '../state/refusal.js';
import { Dialog } from '../ui/dialog.js';
import { FieldError, SecretField } from '../ui/fields.js';
import { useDesk, useWords } from '../ui/hooks.js';

const close = (): void => openDialog(undefined);

type Wrong = Partial<Record<PasswordField | 'whole', string>>;

/** A person changes their own password. What is wrong stands at its field, which gets the focus. */
export const PasswordDialog = (): ReactElement => {
  const { login, notices } = useDesk();
  const { t } = useWords();
  const [entry, setEntry] = useState({ current: '', next: '', repeated: '' });
  const [wrong, setWrong] = useState<Wrong>({});
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [wrong]);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const words = Object.entries(wrongWith(entry)).map(([field, key]) => [
      field,
      t(key, { count: SHORTEST_PASSWORD }),
    ]);
    setWrong(Object.fromEntries(words) as Wrong);
    if (words.length > 0) return;
    setBusy(true);
    try {
      await changePassword(entry.current, entry.next);
      close();
      notices.show({ kind: 'info', text: t('passwordChanged') });
    } catch (error) {
      setWrong({ [refusedField(refusalOf(error)) ?? 'whole']: errorWords(error, t) });
      setBusy(false);
    }
  };
  const field = (name: PasswordField) => ({
    error: wrong[name],
    value: entry[name],
    onChange: (value: string) => setEntry((before) => ({ ...before, [name]: value })),
  });

  return (
    <Dialog label={t('changePassword')} onClose={close}>
      <form ref={form} className="dialog-form" noValidate onSubmit={(event) => void submit(event)}>
        <h2 className="dialog-title">{t('changePassword')}</h2>
        <p className="dialog-text">{t('changePasswordText')}</p>
        {/* Tells a password manager whose password it is. */}
        <input type="text" autoComplete="username" value={login.user.email} readOnly hidden />
        <SecretField label={t('currentPassword')} autoComplete="current-password" {...field('current')} />
        <SecretField
          label={t('newPassword')}
          hint={t('passwordHint', { count: SHORTEST_PASSWORD })}
          autoComplete="new-password"
          {...field('next')}
        />
        <SecretField label={t('repeatPassword')} autoComplete="new-password" {...field('repeated')} />
        {wrong.whole && (
          <div role="alert">
            <FieldError error={wrong.whole} />
          </div>
        )}
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={close}>
            {t('cancel')}
          </button>
          <button type="submit" className="button primary" disabled={busy}>
            {t('changePassword')}
          </button>
        </div>
      </form>
    </Dialog>
  );
};
