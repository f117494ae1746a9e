// The checks whose outcome is a warning or a note: what each looks for, in words, and how much it weighs. This table is the only place for both;
// docs/formats/checks.md repeats it, held by a test. What must not be published at all is no finding but a refusal (`distribution.…`).

// prettier-ignore
export const checks = {
  // Names and metadata
  'file-name.not-normalised': { severity: 'note', looks: 'A file name in another spelling than tools write today (PEP 625, PEP 427).' },
  'metadata.unknown-header': { severity: 'note', looks: 'Headers that no version of the metadata specification knows.' },
  'metadata.no-description': { severity: 'note', looks: 'No description: the page of the release will have no readme.' },
  'metadata.description-type': { severity: 'warning', looks: 'A description in a format that indexes do not render (PEP 566: text/markdown, text/x-rst, text/plain in UTF-8).' },
  'metadata.link': { severity: 'warning', looks: 'Addresses of the project that are not http or https, or that carry a user name.' },
  'dependency.unreadable': { severity: 'warning', looks: 'Dependencies that are not written as PEP 508 has it, so that installers disagree or stop.' },
  'dependency.direct': { severity: 'warning', looks: 'Dependencies from an address (“name @ URL”): installers fetch them past this index and its signatures.' },
  'dependency.near-name': { severity: 'warning', looks: 'Dependencies whose names are one typing mistake away from a well-known project.' },
  // Contents of both kinds
  'path.lookalike': { severity: 'warning', looks: 'Two paths that are one file on systems that ignore case or Unicode form.' },
  'path.mixed-letters': { severity: 'warning', looks: 'Names that mix Latin letters with Greek or Cyrillic ones that look the same.' },
  'archive.private-file': { severity: 'warning', looks: 'Files that people keep to themselves, by their names: .env, .pypirc, .netrc, id_rsa, .git/ and the like.' },
  'archive.private-key': { severity: 'warning', looks: 'Files that begin as private keys do.' },
  'archive.mode': { severity: 'warning', looks: 'Files with a set-user-id, set-group-id or sticky bit, or that everybody may write.' },
  'archive.left-over': { severity: 'note', looks: 'What systems and editors leave behind: .DS_Store, Thumbs.db, *.swp, *.orig, and bytecode in source distributions.' },
  'source.bidirectional': { severity: 'warning', looks: 'Source texts with characters that turn the direction of writing: they read otherwise than they run.' },
  // Wheels
  'wheel.other-tags': { severity: 'warning', looks: 'Tags in WHEEL that are not those of the file name.' },
  'wheel.runs-at-start': { severity: 'warning', looks: '.pth files, sitecustomize and usercustomize: they run at every start of Python, imported or not.' },
  'wheel.native-in-any': { severity: 'warning', looks: 'Compiled code in a wheel that says it is for any platform.' },
  'wheel.nothing-native': { severity: 'note', looks: 'A wheel for one platform without anything compiled in it.' },
  'wheel.other-python': { severity: 'warning', looks: 'Extension modules for another Python than the tags of the file name say.' },
  'wheel.common-name': { severity: 'warning', looks: 'Names at the top that many projects would write over each other: tests, docs, examples, utils, src …' },
  'wheel.standard-name': { severity: 'warning', looks: 'Names at the top that are those of the standard library, or of a well-known other project.' },
  'wheel.other-names': { severity: 'note', looks: 'Names at the top of which none resembles the name of the project.' },
  'wheel.nothing-to-import': { severity: 'note', looks: 'A wheel without any module.' },
  'wheel.over-environment': { severity: 'warning', looks: 'Data files that are installed among the programs and libraries of the environment (.data/data/bin, lib, etc …).' },
  'wheel.outside-package': { severity: 'note', looks: 'Data files that are installed outside of the package (.data/data, .data/headers).' },
  'wheel.executable': { severity: 'note', looks: 'Files that may be executed and are neither scripts nor compiled code.' },
  'wheel.bytecode-only': { severity: 'warning', looks: 'Compiled Python (.pyc) without the source that it was made from: nobody can read what it does.' },
  'wheel.bytecode': { severity: 'note', looks: 'Compiled Python (.pyc) beside its source; installers make their own.' },
  'wheel.installed-by': { severity: 'warning', looks: 'What installers write themselves (INSTALLER, REQUESTED, direct_url.json), and metadata of another project (.egg-info): tools take it for installed, or from elsewhere.' },
  'wheel.entry-points': { severity: 'warning', looks: 'Lines of entry_points.txt that are no entry points.' },
  'wheel.command': { severity: 'warning', looks: 'Commands that take the names of well-known programs: python, pip, git, ls, sudo …' },
  // Source distributions
  'sdist.no-build': { severity: 'warning', looks: 'Neither pyproject.toml nor setup.py: nobody can build it.' },
  'sdist.setup-py': { severity: 'note', looks: 'setup.py without pyproject.toml: building runs it with whatever setuptools is there.' },
  'sdist.compiled': { severity: 'warning', looks: 'Compiled code in a source distribution.' },
  'sdist.links': { severity: 'note', looks: 'Symbolic links (all of them stay inside).' },
  // The files of a release together
  'release.other-metadata': { severity: 'warning', looks: 'Metadata that differs between the files of one release: whoever installs one gets other dependencies than whoever installs another.' },
  'release.no-sdist': { severity: 'note', looks: 'Wheels without a source distribution: nobody can build them again.' },
  'release.near-name': { severity: 'warning', looks: 'A project whose name is one typing mistake away from a well-known project, or from an earlier one of this index.' },
} as const satisfies Record<string, { severity: 'warning' | 'note'; looks: string }>;

export type CheckCode = keyof typeof checks;
export type Severity = 'warning' | 'note';

export type Finding = {
  readonly severity: Severity;
  readonly code: CheckCode;
  /** The path in the archive, or the file's own name. */
  readonly where: string;
  readonly say: string;
};

const samePlaceMost = 10;
const whereMost = 200;
const sayMost = 400;

/** One outcome; its weight is that of the table. */
export const found = (code: CheckCode, where: string, say: string): Finding => ({
  severity: checks[code].severity,
  code,
  where: shorten(where, whereMost),
  say: shorten(say, sayMost),
});

const shorten = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

/** Warnings first, then in the order of the table; of one code at most ten, the last of which says how many more there are. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const codes = Object.keys(checks) as CheckCode[];
  const weights = { warning: 0, note: 1 };
  return codes
    .flatMap((code) => fewOf(findings.filter((finding) => finding.code === code)))
    .sort((a, b) => weights[a.severity] - weights[b.severity]);
}

function fewOf(same: readonly Finding[]): readonly Finding[] {
  const last = same[samePlaceMost - 1];
  if (same.length <= samePlaceMost || last === undefined) return same;
  const more = same.length - samePlaceMost;
  return [...same.slice(0, samePlaceMost - 1), found(last.code, last.where, `${last.say} And ${more} more like it.`)];
}
