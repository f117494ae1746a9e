// A file of a published release could not be uploaded to the other index of its project: to the owners, since people wait for it there. What that index
// said is hostile text.
import type { ProjectName, Version } from '#lib/core/ids.ts';
import type { Letter } from '#lib/server/mail/compose.ts';
import { linkTo } from '#lib/server/mail/link.ts';

type About = { project: ProjectName; version: Version; file: string; host: string; says: string };

export function elsewhereFailedLetter({ project, version, file, host, says }: About): Letter {
  return {
    event: 'elsewhere.failed',
    subject: `[${project}] ${file} is not at ${host}`,
    project,
    parts: [
      {
        paragraph: `${project} ${version} is published here, but ${file} could not be uploaded to ${host}. It is not tried again by itself.`,
      },
      { facts: [['What came of it', says]] },
      { link: linkTo(`/projects/${project}/elsewhere`), says: 'See what became of each file, and try again' },
    ],
    reason: `you own ${project}`,
  };
}
