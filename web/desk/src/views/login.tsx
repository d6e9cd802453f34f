import { ApiError, ErrorCode } from '@parley/client';
import { type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import type { MessageKey } from '../i18n/translate.js';
import { fieldOf } from '../lib/form.js';
import { lastTenant, type SignedOut, signIn } from '../session/session.js';
import { useWords } from '../ui/hooks.js';
import { Icon, Mark } from '../ui/icons.js';

const messageOf = (error: unknown): MessageKey => {
  const code = error instanceof ApiError ? error.code : ErrorCode.unknown;
  if (
    code === ErrorCode.unauthenticated ||
    code === ErrorCode.permissionDenied ||
    code === ErrorCode.notFound
  )
    return 'loginWrong';
  if (code === ErrorCode.resourceExhausted) return 'loginTooOften';
  if (code === ErrorCode.unavailable || code === ErrorCode.deadlineExceeded) return 'loginUnreachable';
  return code === ErrorCode.invalidArgument ? 'loginWrong' : 'loginFailed';
};

/** Where a person signs in. `why`: what they are told first. */
export const LoginPage = ({ why }: { why: SignedOut }): ReactElement => {
  const { t } = useWords();
  const [error, setError] = useState<MessageKey>();
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const email = useRef<HTMLInputElement>(null);
  const alert = useRef<HTMLParagraphElement>(null);
  useEffect(() => (first.current?.value ? email.current : first.current)?.focus(), []);
  useEffect(() => {
    if (error) alert.current?.focus();
  }, [error]);

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const field = (name: string): string => fieldOf(form, name).trim();
    setBusy(true);
    setError(undefined);
    try {
      const password = fieldOf(form, 'password');
      await signIn({ tenant: field('tenant'), email: field('email'), password }, field('remember') !== '');
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(false);
    }
  };

  return (
    <main className="login">
      <form className="login-card" onSubmit={(event) => void submit(event)} aria-labelledby="login-title">
        <Mark size={36} />
        <h1 id="login-title">{t('loginTitle')}</h1>
        {why !== 'new' && !error && (
          <p className="login-note" role="status">
            <Icon name="out" /> {t(why === 'left' ? 'loginLeft' : 'loginEnded')}
          </p>
        )}
        {error && (
          <p className="login-error" role="alert" tabIndex={-1} ref={alert}>
            <Icon name="alert" /> {t(error)}
          </p>
        )}
        <label className="field">
          <span>{t('tenant')}</span>
          <input
            ref={first}
            name="tenant"
            required
            pattern="[A-Za-z0-9_\-]+"
            title={t('tenantHint')}
            autoCapitalize="none"
            spellCheck={false}
            defaultValue={lastTenant()}
          />
        </label>
        <label className="field">
          <span>{t('email')}</span>
          <input ref={email} name="email" type="email" required autoComplete="username" />
        </label>
        <label className="field">
          <span>{t('password')}</span>
          <input name="password" type="password" required autoComplete="current-password" />
        </label>
        <label className="check">
          <input name="remember" type="checkbox" defaultChecked />
          <span>{t('remember')}</span>
        </label>
        <button type="submit" className="button primary wide" disabled={busy}>
          {t(busy ? 'signingIn' : 'signIn')}
        </button>
      </form>
    </main>
  );
};
