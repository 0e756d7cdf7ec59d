import { type ChainPlace, lineOfFact, NO_HEAD, nextLink } from '../../../src/domain/ledger/chain.ts';
import type { FactEnvelope } from '../../../src/domain/ledger/fact.ts';
import { entriesOf } from '../world/history.ts';
import type { Law } from './law.ts';

export const recordIsWhole: Law = {
  name: 'the record is one unbroken chain for each stream',
  breaches({ ledger, isReallySealed }) {
    const gaps = ledger.order.flatMap((fact, index) =>
      fact.seq === index + 1 ? [] : [`fact ${index + 1} of the installation has number ${fact.seq}`],
    );
    const broken = [...ledger.streams].flatMap(([stream, facts]) =>
      facts.flatMap(({ version }, index) =>
        version === index + 1 ? [] : [`fact ${index + 1} of ${stream} has number ${version}`],
      ),
    );
    const forged = isReallySealed
      ? [...ledger.streams].flatMap(([stream, facts]) => {
          const says = forgeryIn(facts);
          return says === undefined ? [] : [`${stream}: ${says}`];
        })
      : [];
    return [...gaps, ...broken, ...forged];
  },
};

/** Checks a stream as a reader of its archive does. */
function forgeryIn(facts: readonly FactEnvelope[]): string | undefined {
  let place: ChainPlace = { version: 0, head: NO_HEAD };
  for (const fact of facts) {
    const link = nextLink(lineOfFact(fact), place);
    if (link.kind === 'broken') return link.says;
    place = { version: fact.version, head: fact.hash };
  }
  return undefined;
}

export const nothingBreaks: Law = {
  name: 'no job meets a defect',
  breaches: ({ history }) => [...new Set(entriesOf(history, 'defect').map(({ says }) => says))],
};
