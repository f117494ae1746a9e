// What asks for a second look in the metadata of a wheel or sdist: dependencies, description, addresses. Every value is hostile text.
import { found, type Finding } from './checks.ts';
import { readDescriptionType } from './description.ts';
import type { DistributionName } from './file-name.ts';
import type { CoreMetadata } from './metadata.ts';
import { nearWellKnown } from './near-names.ts';
import { readRequirement } from './requirement.ts';

/** `where`: the path of METADATA or PKG-INFO. Never throws. */
export function checkMetadata(name: DistributionName, metadata: CoreMetadata, where: string): Finding[] {
  const normal = `${name.project.replaceAll('-', '_')}-`;
  return [
    ...(name.fileName.startsWith(normal)
      ? []
      : [
          found(
            'file-name.not-normalised',
            name.fileName,
            `The file name is not normalised; a current tool would start it with “${normal}” (PEP 625, PEP 427).`,
          ),
        ]),
    ...metadata.unknown.map((header) =>
      found(
        'metadata.unknown-header',
        where,
        `The metadata has a header “${header}” that no version of the specification knows.`,
      ),
    ),
    ...checkDescription(metadata, where),
    ...linksOf(metadata).flatMap((link) => checkLink(link, where)),
    ...metadata.requiresDist.flatMap((text) => checkDependency(text, where)),
  ];
}

function checkDescription({ description, descriptionContentType }: CoreMetadata, where: string): Finding[] {
  if (description.trim() === '') return [found('metadata.no-description', where, 'There is no description.')];
  const { problem } = readDescriptionType(descriptionContentType);
  if (problem === null) return [];
  const said = descriptionContentType?.slice(0, 100) ?? '';
  return [
    found(
      'metadata.description-type',
      where,
      `The description says that it is “${said}”, and indexes will not render it: ${problem}.`,
    ),
  ];
}

/** Addresses of the project, without their labels. */
function linksOf({ headers }: CoreMetadata): string[] {
  const single = ['home-page', 'download-url'].flatMap((header) => headers.get(header) ?? []);
  const labelled = (headers.get('project-url') ?? []).map((value) => value.slice(value.indexOf(',') + 1).trim());
  return [...single, ...labelled].filter((link) => link !== '' && link !== 'UNKNOWN');
}

function checkLink(link: string, where: string): Finding[] {
  const url = URL.canParse(link) ? new URL(link) : null;
  const isPlain = url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '';
  return isPlain ? [] : [found('metadata.link', where, `“${link.slice(0, 120)}” is no plain address of the web.`)];
}

function checkDependency(text: string, where: string): Finding[] {
  const requirement = readRequirement(text);
  const shown = text.replace(/\s+/g, ' ').slice(0, 120);
  if (requirement === null)
    return [found('dependency.unreadable', where, `“${shown}” is not written as PEP 508 has it.`)];
  const near = nearWellKnown(requirement.name);
  return [
    ...(requirement.url === null
      ? []
      : [found('dependency.direct', where, `“${shown}” is fetched from there, past this index.`)]),
    ...(near === null
      ? []
      : [found('dependency.near-name', where, `“${requirement.name}” is not “${near}”, but nearly.`)]),
  ];
}
