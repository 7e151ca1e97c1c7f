// Why something is proposed: the rules that decided, or the condition under which it ends.

import type { Proposal, Reason } from '../api/types';
import { t } from '../texts';

export const reasonsOf = ({ because, end }: Proposal): Reason[] =>
  end ? [{ number: 0, level: '', condition: end.condition || t('proposal.noLevel'), clauses: end.clauses }] : because;
