import type { Component } from '../adoption/backstage.ts';
import { roleOfOwner } from '../adoption/code-owners.ts';
import type { Fault, SourceDocument } from '../document/fault.ts';
import { own } from '../document/own.ts';
import type { ServiceName } from '../ids.ts';
import type { Catalog } from './catalog.ts';

/** Service to the keys of its entry that Backstage said, because the file does not. */
export type FromBackstage = Readonly<Record<ServiceName, readonly FilledKey[]>>;
export type FilledKey = 'owner' | 'tier' | 'dependsOn' | 'image' | 'environments';

/** A catalog's file with what Backstage adds. */
export interface Merged {
  document: SourceDocument;
  filled: FromBackstage;
}

/**
 * Fills up a catalog's file: what an entry leaves open, its component says; a component that names an image is a service without
 * being in the file. The file's own word always counts. A component is a service's by its name. What it depends on and is no
 * service here is left out: a database is not released.
 */
export function mergeComponents(document: SourceDocument, components: readonly Component[]): Merged {
  const { value } = document;
  const services = isRecord(value) ? (value['services'] ?? {}) : undefined;
  if (!isRecord(value) || !isRecord(services)) return { document, filled: {} };
  const written = Object.keys(services);
  const byName = new Map(components.map((component) => [component.name, component]));
  const added = components.filter(({ name, image }) => image !== undefined && !written.includes(name));
  const names = [...written, ...added.map(({ name }) => name)];
  const filled: Record<ServiceName, FilledKey[]> = {};
  const entries = names.map((name) => {
    const entry = own(services, name) ?? {};
    const component = byName.get(name);
    if (component === undefined || !isRecord(entry)) return [name, entry];
    const more = saidBy(component, { names: new Set(names), isNew: !written.includes(name) });
    const missing = Object.entries(more).filter(([key]) => entry[key] === undefined);
    if (missing.length > 0) filled[name] = missing.map(([key]) => key as FilledKey);
    return [name, { ...Object.fromEntries(missing), ...entry }];
  });
  return {
    document: { ...document, value: { ...value, services: Object.fromEntries(entries) } },
    filled,
  };
}

/** A fault in what Backstage said is mended there, or overruled here. */
export function withBlame(faults: readonly Fault[], filled: FromBackstage): Fault[] {
  return faults.map((fault) => {
    const [, service = '', key = ''] = /^services(?:\.([\w-]+)|\["[^"]+"\])\.(\w+)/.exec(fault.path) ?? [];
    if (!(own(filled, service) ?? []).some((one) => one === key)) return fault;
    return {
      ...fault,
      says: `${fault.says} (said by Backstage: correct the component there, or write ${key} here)`,
    };
  });
}

/** A catalog whose services say what of them Backstage said. */
export function withOrigins(catalog: Catalog, filled: FromBackstage): Catalog {
  const services = Object.entries(catalog.services).map(([name, service]) => {
    const fromBackstage = own(filled, name);
    return [name, fromBackstage ? { ...service, fromBackstage } : service];
  });
  return { ...catalog, services: Object.fromEntries(services) };
}

function saidBy(
  component: Component,
  { names, isNew }: { names: ReadonlySet<string>; isNew: boolean },
): Partial<Record<FilledKey, unknown>> {
  const { owner, tier, image, environments } = component;
  const role = owner === undefined ? undefined : roleOfOwner(owner);
  const dependsOn = component.dependsOn.filter((one) => names.has(one) && one !== component.name);
  return {
    ...(role !== undefined && { owner: role }),
    ...(tier !== undefined && { tier }),
    ...(dependsOn.length > 0 && { dependsOn: [...new Set(dependsOn)] }),
    ...(isNew && image !== undefined && { image }),
    ...(environments && { environments: [...environments] }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
