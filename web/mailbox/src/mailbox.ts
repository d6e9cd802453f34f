/** The page of the local mailbox: an admin logs in and reads the mails of their tenant. */
export {};

interface Mail {
  readonly mailId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly sentAt: string;
}

const TOKEN = 'parley-mailbox-token';

const element = <T extends HTMLElement>(id: string): T => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as T;
};

const login = element<HTMLFormElement>('login');
const status = element('status');
const mailbox = element('mailbox');
const list = element('list');
const more = element<HTMLButtonElement>('more');
const article = element('mail');
const refresh = element<HTMLButtonElement>('refresh');
const leave = element<HTMLButtonElement>('leave');
const times = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

let cursor = '';

/** The answer of the platform lacks a session, or says what is wrong. */
class CallError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const call = async <T>(method: string, body: object): Promise<T> => {
  const token = sessionStorage.getItem(TOKEN);
  const response = await fetch(`/${method}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as T & { readonly detail?: string };
  if (!response.ok)
    throw new CallError(response.status, answer.detail ?? `The platform answers ${response.status}.`);
  return answer;
};

const say = (text: string, wrong = false): void => {
  status.textContent = text;
  status.classList.toggle('wrong', wrong);
};

const show = (mail: Mail, row: HTMLElement): void => {
  for (const other of list.querySelectorAll('button')) other.removeAttribute('aria-current');
  row.setAttribute('aria-current', 'true');
  const subject = document.createElement('h2');
  subject.textContent = mail.subject;
  const about = document.createElement('p');
  about.textContent = `${times.format(new Date(mail.sentAt))} → ${mail.to}`;
  const text = document.createElement('pre');
  text.dir = 'auto';
  text.textContent = mail.text;
  article.replaceChildren(subject, about, text);
};

const append = (mail: Mail): void => {
  const row = document.createElement('button');
  row.type = 'button';
  const subject = document.createElement('strong');
  subject.textContent = mail.subject;
  const to = document.createElement('span');
  to.textContent = mail.to;
  const time = document.createElement('span');
  time.textContent = times.format(new Date(mail.sentAt));
  row.append(subject, to, time);
  row.addEventListener('click', () => show(mail, row));
  const item = document.createElement('li');
  item.append(row);
  list.append(item);
};

const showLogin = (): void => {
  sessionStorage.removeItem(TOKEN);
  login.hidden = false;
  for (const part of [mailbox, refresh, leave]) part.hidden = true;
};

const load = async (from: string): Promise<void> => {
  const answer = await call<{ readonly mails?: readonly Mail[]; readonly nextCursor?: string }>(
    'parley.notification.v1.NotificationService/ListMail',
    { page: { limit: 50, cursor: from } },
  );
  if (from === '') {
    list.replaceChildren();
    article.replaceChildren();
  }
  for (const mail of answer.mails ?? []) append(mail);
  cursor = answer.nextCursor ?? '';
  more.hidden = cursor === '';
  login.hidden = true;
  for (const part of [mailbox, refresh, leave]) part.hidden = false;
  say(list.childElementCount === 0 ? 'No mail yet: ask for a transcript in a chat and close it.' : '');
};

const attempt = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof CallError && error.status === 401) showLogin();
    say(error instanceof Error ? error.message : 'The platform cannot be reached.', true);
  }
};

login.addEventListener('submit', (event) => {
  event.preventDefault();
  const { tenant, email, password } = Object.fromEntries(new FormData(login));
  void attempt(async () => {
    sessionStorage.removeItem(TOKEN);
    const { tokens } = await call<{ readonly tokens: { readonly accessToken: string } }>(
      'parley.gateway.v1.AuthService/Login',
      { tenant, email, password },
    );
    sessionStorage.setItem(TOKEN, tokens.accessToken);
    await load('');
  });
});
refresh.addEventListener('click', () => void attempt(() => load('')));
more.addEventListener('click', () => void attempt(() => load(cursor)));
leave.addEventListener('click', () => {
  showLogin();
  say('');
});
if (sessionStorage.getItem(TOKEN) !== null) void attempt(() => load(''));
