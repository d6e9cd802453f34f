import { ApiError, type Connection, ErrorCode } from '@parley/client';
import { type ComponentType, type ReactElement, useEffect, useRef, useState } from 'react';
import { linkTo, navigate } from '../../desk/navigation.js';
import type { MessageKey } from '../../i18n/translate.js';
import { freeId } from '../../state/admin/ids.js';
import type { AdminSection } from '../../state/route.js';
import { useDesk } from '../../ui/hooks.js';
import { Icon } from '../../ui/icons.js';
import { Empty, IconButton, SearchField } from '../../ui/parts.js';
import { type AdminData, useAdmin } from './admin-data.js';
import { Conflict } from './conflict.js';
import { RemoveButton } from './remove-button.js';
import { SaveBar } from './save-bar.js';
import { type Expected, type Form, useForm, type Versioned } from './use-form.js';
import { type AdminWord, useAdminWords, type AdminWords } from './words.js';

/** The id in the address under which a new thing is made. */
const NEW = '~new';

export interface FieldsProps<T> {
  readonly form: Form<T>;
  readonly isNew: boolean;
}

/** Something that is configured, with a name. */
interface Thing extends Versioned {
  name?: string | undefined;
}

/** What one kind of configured thing is, for the page that lists and edits it. */
export interface Kind<T extends Thing> {
  readonly section: AdminSection;
  readonly words: { title: AdminWord; lead: AdminWord; add: AdminWord; none: AdminWord; remove?: AdminWord };
  readonly all: (data: AdminData) => readonly T[];
  /** The field with its id. */
  readonly idField: keyof T & string;
  readonly detailOf: (thing: T, data: AdminData, words: AdminWords) => string;
  readonly blank: (data: AdminData) => T;
  readonly labels: Partial<Record<keyof T, AdminWord | MessageKey>>;
  readonly root?: string;
  /** The method that stores it. */
  readonly method: string;
  readonly put: (connection: Connection, thing: T, expected: Expected) => Promise<T>;
  /** Left out when it stays for good. */
  readonly remove?: (connection: Connection, id: string, expectedVersion: number) => Promise<unknown>;
  readonly Fields: ComponentType<FieldsProps<T>>;
}

const idOf = <T extends Thing>({ idField }: Kind<T>, thing: T): string => String(thing[idField] ?? '');
const nameOf = <T extends Thing>(kind: Kind<T>, thing: T): string => thing.name || idOf(kind, thing);

/** A list of things and the editor of the chosen one. */
export const EntitySection = <T extends Thing>({ kind, id }: { kind: Kind<T>; id: string }): ReactElement => {
  const { data } = useAdmin();
  const words = useAdminWords();
  const { t } = words;
  const [query, setQuery] = useState('');
  const all = kind.all(data);
  const wanted = query.trim().toLocaleLowerCase();
  const shown = all.filter(
    (thing) =>
      !wanted ||
      `${nameOf(kind, thing)} ${idOf(kind, thing)} ${kind.detailOf(thing, data, words)}`
        .toLocaleLowerCase()
        .includes(wanted),
  );
  const stored = id === NEW ? kind.blank(data) : all.find((thing) => idOf(kind, thing) === id);
  return (
    <div className="entities" data-open={id !== ''}>
      <section className="entity-list" aria-label={t(kind.words.title)}>
        <div className="entity-list-head">
          {all.length > 8 && <SearchField label={t('filterList')} value={query} onChange={setQuery} />}
          <button
            type="button"
            className="button small"
            onClick={() => navigate({ view: 'admin', section: kind.section, id: NEW })}
          >
            <Icon name="plus" size={13} /> {t(kind.words.add)}
          </button>
        </div>
        <p className="entity-lead quiet">{t(kind.words.lead)}</p>
        <ul>
          {shown.map((thing) => (
            <li key={idOf(kind, thing)}>
              <a
                className="entity"
                {...linkTo({ view: 'admin', section: kind.section, id: idOf(kind, thing) })}
                aria-current={idOf(kind, thing) === id ? 'true' : undefined}
              >
                <span className="entity-name" dir="auto">
                  {nameOf(kind, thing)}
                </span>
                <span className="entity-detail">{kind.detailOf(thing, data, words)}</span>
              </a>
            </li>
          ))}
        </ul>
        {all.length === 0 && <p className="entity-none quiet">{t(kind.words.none)}</p>}
        {all.length > 0 && shown.length === 0 && <p className="entity-none quiet">{t('nothingFound')}</p>}
      </section>
      {stored ? (
        <Editor key={id} kind={kind} stored={stored} isNew={id === NEW} />
      ) : (
        <div className="entity-editor entity-choose">
          <Empty icon="settings" title={t(id ? 'gone' : 'chooseOne')} text={t(kind.words.lead)} />
        </div>
      )}
    </div>
  );
};

const Editor = <T extends Thing>({
  kind,
  stored,
  isNew,
}: {
  kind: Kind<T>;
  stored: T;
  isNew: boolean;
}): ReactElement => {
  const { connection, notices } = useDesk();
  const { data, again } = useAdmin();
  const { t } = useAdminWords();
  const id = idOf(kind, stored);
  const [first] = useState(stored);
  const idTaken = (): ApiError =>
    new ApiError(ErrorCode.alreadyExists, t('idTaken'), {
      violations: [{ field: kind.idField, description: t('idTaken') }],
    });
  const make = async (value: T, expected: Expected): Promise<T> => {
    const taken = new Set(kind.all(data).map((thing) => idOf(kind, thing)));
    const wanted = idOf(kind, value);
    if (taken.has(wanted)) throw idTaken();
    const named = wanted ? value : { ...value, [kind.idField]: freeId(value.name ?? '', taken) };
    try {
      return await kind.put(connection, named, expected);
    } catch (error) {
      // Somebody else has just made one with this id.
      if (!(error instanceof ApiError) || error.code !== ErrorCode.alreadyExists) throw error;
      again();
      throw idTaken();
    }
  };
  const form = useForm<T>({
    name: `${kind.section}.${isNew ? NEW : id}`,
    // A blank one is made anew with every drawing: the first stays.
    stored: isNew ? first : stored,
    ...(kind.root ? { root: kind.root } : {}),
    put: (value, expected) => (isNew ? make(value, expected) : kind.put(connection, value, expected)),
    reload: again,
  });
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (matchMedia('(width < 720px)').matches) heading.current?.focus();
  }, []);
  const save = async (): Promise<void> => {
    const saved = await form.save();
    if (!saved) return;
    again();
    notices.show({ kind: 'info', text: t('savedNotice', { name: nameOf(kind, saved) }) });
    if (isNew) navigate({ view: 'admin', section: kind.section, id: idOf(kind, saved) }, { replace: true });
  };
  const { Fields } = kind;
  return (
    <form
      className="entity-editor"
      aria-labelledby="entity-title"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div className="entity-head">
        <IconButton
          icon="back"
          className="only-phone"
          label={t('back')}
          onClick={() => navigate({ view: 'admin', section: kind.section, id: '' })}
        />
        <h3 id="entity-title" ref={heading} tabIndex={-1} dir="auto">
          {isNew ? t(kind.words.add) : nameOf(kind, stored)}
        </h3>
        {!isNew && <code className="entity-id">{id}</code>}
        {!isNew && kind.remove && kind.words.remove && (
          <RemoveButton
            label={t(kind.words.remove)}
            title={t('removeTitle', { name: nameOf(kind, stored) })}
            text={t('removeText')}
            remove={async () => kind.remove?.(connection, id, stored.version ?? 0)}
            onRemoved={() => {
              form.discard();
              again();
              navigate({ view: 'admin', section: kind.section, id: '' }, { replace: true });
            }}
          />
        )}
      </div>
      <Conflict
        form={form}
        method={kind.method}
        targetId={id}
        labelOf={(field) => (kind.labels[field] ? t(kind.labels[field]) : String(field))}
      />
      <div className="entity-fields">
        <Fields form={form} isNew={isNew} />
      </div>
      <SaveBar form={form} isNew={isNew} />
    </form>
  );
};
