import { type ReactElement, type ReactNode, useId } from 'react';

/** Fields that belong together, under a heading that says what they are about. */
export const FormGroup = ({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: string;
  children: ReactNode;
}): ReactElement => {
  const id = useId();
  return (
    <section className="form-group" aria-labelledby={id}>
      <div className="form-group-head">
        <h4 id={id}>{title}</h4>
        {lead && <p className="quiet">{lead}</p>}
      </div>
      <div className="form-group-fields">{children}</div>
    </section>
  );
};
