import { type ReactElement, useEffect, useState } from 'react';
import { startAlerts } from '../desk/alerts.js';
import { type Desk, openDesk } from '../desk/desk.js';
import { session } from '../session/session.js';
import type { Login } from '../session/tokens.js';
import { DeskContext, useStore, useWords } from '../ui/hooks.js';
import { LoginPage } from './login.js';
import { Shell } from './shell.js';

/** The whole desk: the login page, or what is behind it. */
export const App = (): ReactElement | null => {
  const state = useStore(session);
  if (!state.login) return <LoginPage why={state.why} />;
  const { tenant, user } = state.login;
  return <SignedIn key={`${tenant}/${user.userId}/${user.role}`} login={state.login} />;
};

/** Holds one connection as long as the same person is signed in, whatever tokens they have. */
const SignedIn = ({ login }: { login: Login }): ReactElement | null => {
  const [first] = useState(login);
  const [desk, setDesk] = useState<Desk>();
  const { t } = useWords();
  useEffect(() => {
    const opened = openDesk(first);
    setDesk(opened);
    return () => opened.close();
  }, [first]);
  useEffect(() => (desk ? startAlerts(desk, t) : undefined), [desk, t]);
  return desk ? (
    <DeskContext value={desk}>
      <Shell />
    </DeskContext>
  ) : null;
};
