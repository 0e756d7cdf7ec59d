import { type Document, isMap, isScalar, type Node, type Scalar, visit, type YAMLMap } from 'yaml';

/** A fault at an offset of the text. */
export interface NodeFault {
  message: string;
  offset: number;
}

/**
 * What the library lets pass and a careful reader must not: keys that are given twice or are no plain names, and numbers that a
 * double cannot hold. A set finds a repeated key at once, where the library compares each with each.
 */
export function checkNodes(document: Document.Parsed): NodeFault[] {
  const faults: NodeFault[] = [];
  visit(document, {
    Map: (_, map) => void faults.push(...keyFaults(map)),
    Scalar: (_, scalar) => void faults.push(...numberFaults(scalar)),
  });
  return faults;
}

function keyFaults(map: YAMLMap): NodeFault[] {
  const seen = new Set<string>();
  return map.items.flatMap(({ key }): NodeFault[] => {
    if (!isScalar(key) || key.value === null)
      return [{ message: 'a key must be a plain name', offset: offsetOf(key) }];
    const name = String(key.value);
    if (seen.has(name)) return [{ message: `${JSON.stringify(name)} is given twice`, offset: offsetOf(key) }];
    seen.add(name);
    return [];
  });
}

function numberFaults(scalar: Scalar): NodeFault[] {
  const { value } = scalar;
  if (typeof value !== 'number') return [];
  if (!Number.isFinite(value))
    return [{ message: 'infinity and NaN are not allowed', offset: offsetOf(scalar) }];
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return [];
  return [{ message: 'this number is too long to be kept exactly: quote it', offset: offsetOf(scalar) }];
}

function offsetOf(node: unknown): number {
  return (isScalar(node) || isMap(node) ? (node as Node).range?.[0] : undefined) ?? 0;
}
