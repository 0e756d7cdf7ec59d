const ALWAYS = ['error', 'error', 'error'] as const;

/** A rule about what was reported of an artifact: what was not reported is no pass. */
function evidence(asks: string) {
  return {
    asks,
    severity: ALWAYS,
    except: "off where the environment's evidence does not name it",
    judged: 'cut',
    exemptible: true,
    remedy: 'Report it with the artifact (POST /api/artifacts), or mend what it shows.',
  } as const;
}

/** The part of the rule book about what CI has to have shown. */
export const CI_RULES = {
  'checks-passed': {
    asks: 'The checks of CI have passed on the commits that the images were built from.',
    severity: ALWAYS,
    except: 'off where neither checks.required nor the catalog names any',
    judged: 'cut',
    exemptible: true,
    remedy: 'Wait for the check, or mend what it shows.',
  },
  'checks-required-on-branch': {
    asks: 'The branch of the source lets nothing in on which the checks have not passed.',
    severity: ALWAYS,
    except: 'warn with checks.onBranch: warn; off without',
    judged: 'cut',
    exemptible: true,
    remedy: 'Require the checks by a ruleset or the protection of the branch.',
  },
  'evidence-coverage': evidence('Enough of its lines are covered, as a build reported of these very bytes.'),
  'evidence-sast': evidence('The source has no more findings than the environment allows.'),
  'evidence-vulnerabilities': evidence('The image has no more known weaknesses than the environment allows.'),
  'evidence-secrets': evidence('No secret was found in the source.'),
  'evidence-sbom': evidence('There is a list of everything in the image.'),
  'evidence-checks': evidence('What else the environment asks for has been run, and has passed.'),
} as const;
