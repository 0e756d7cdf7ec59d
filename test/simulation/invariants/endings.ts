import type { EnvironmentFact } from '../../../src/domain/ledger/fact.ts';
import { platformDigest } from '../world/shop.ts';
import type { Law } from './law.ts';
import { factsIn, toldReleases } from './releases.ts';

export const everyReleaseEnds: Law = {
  name: 'once faults cease and people answer, every release ends',
  breaches({ history, unfinished }) {
    const open = [...toldReleases(history).values()].filter(({ outcomes }) => outcomes.length === 0);
    return [
      ...open.map(({ id, plan }) => `${id} (${plan.type}) never ended`),
      ...unfinished
        .filter((id) => !open.some((one) => one.id === id))
        .map((id) => `${id} has not said its last word`),
    ];
  },
};

export const environmentsEndOnTrustedContent: Law = {
  name: 'every environment ends on content that was approved or restored, in Git and in the cluster',
  breaches({ history, standings, tampered }) {
    const trusted = new Map<string, string | undefined>();
    for (const { fact } of factsIn(history)) {
      const body = fact as EnvironmentFact;
      const environment = fact.stream.slice('environment:'.length);
      if (body.kind === 'content.adopted')
        trusted.set(`${environment}/${body.data.service}`, digestIn(body.data.content, body.data.service));
      if (body.kind === 'content.verified')
        for (const [service, content] of Object.entries(body.data.contents))
          trusted.set(`${environment}/${service}`, digestIn(content, service));
    }
    return standings
      .filter(({ placement }) => !tampered.has(placement))
      .flatMap(({ environment, service, placement, inGit, asked, serving, phase }) => {
        const wanted = trusted.get(`${environment}/${service}`);
        if (wanted === undefined) return [`${placement} was never known`];
        if (inGit !== wanted) return [`${placement}: Git has ${inGit}, trusted is ${wanted}`];
        if (asked !== wanted) return [`${placement}: the Rollout asks for ${asked}, trusted is ${wanted}`];
        if (serving.length !== 1 || serving[0] !== platformDigest(wanted))
          return [`${placement} serves ${serving.join(', ') || 'nothing'}, trusted is ${wanted}`];
        return phase === 'Healthy' ? [] : [`${placement} ends ${phase}`];
      });
  },
};

function digestIn(
  content: { images: Record<string, { digest: string }> },
  service: string,
): string | undefined {
  return content.images[service]?.digest;
}
