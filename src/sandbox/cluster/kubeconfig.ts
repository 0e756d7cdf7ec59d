import { stringify } from 'yaml';

/**
 * A kubeconfig for the holder of a token. The server speaks plain HTTP on loopback: clients that refuse that unless told not
 * to verify (client-node does) are told so.
 */
export function kubeconfigFor(url: string, token: string): string {
  const name = 'sandbox';
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}
