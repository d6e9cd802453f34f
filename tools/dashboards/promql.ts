import {
  Identifier,
  LabelName,
  MatchOp,
  parser,
  QuotedLabelName,
  StringLiteral,
  UnquotedLabelMatcher,
  VectorSelector,
} from '@prometheus-io/lezer-promql';
import type { SyntaxNode } from '@lezer/common';

/** A metric as an expression names it. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly op: string; readonly value: string }[];
}

/** The metrics that an expression reads. Throws where it is no PromQL. */
export const selectorsOf = (expr: string): readonly Selector[] => {
  const selectors: Selector[] = [];
  const text = (node: SyntaxNode | null): string => (node ? expr.slice(node.from, node.to) : '');
  parser.parse(expr).iterate({
    enter: ({ type, node, from }) => {
      if (type.isError) throw new Error(`no PromQL at character ${from}: ${expr}`);
      if (type.id !== VectorSelector) return;
      const matchers: Selector['matchers'][number][] = [];
      node.cursor().iterate((child) => {
        if (child.type.id === QuotedLabelName) throw new Error(`quoted labels are not used here: ${expr}`);
        if (child.type.id !== UnquotedLabelMatcher) return;
        matchers.push({
          label: text(child.node.getChild(LabelName)),
          op: text(child.node.getChild(MatchOp)),
          value: text(child.node.getChild(StringLiteral)).slice(1, -1),
        });
      });
      selectors.push({ metric: text(node.getChild(Identifier)), matchers });
    },
  });
  return selectors;
};
