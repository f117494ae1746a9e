// The addresses for programs of one heading, from the same description that programs read at /api/v1/openapi.json.

import type { Metadata } from 'next';
import { ApiAddress } from '#components/docs/api-address.tsx';
import { PageHeading } from '#components/ui/page.tsx';
import { load } from '#lib/next/load.ts';
import { apiArea } from '#lib/server/queries/api-reference.ts';

type Props = { params: Promise<{ area: string }> };

const open = (area: string) => load('/docs/api', () => Promise.resolve().then(() => apiArea(area)));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${(await open((await params).area)).about}: addresses for programs` };
}

export default async function ApiAreaPage({ params }: Props) {
  const { about, addresses, publicUrl } = await open((await params).area);
  return (
    <>
      <PageHeading
        title={about}
        trail={[
          { href: '/docs', label: 'Documentation' },
          { href: '/docs/api', label: 'Addresses for programs' },
        ]}
        lead={
          <>
            What every answer has, refusals and limits among it, stands in <a href="/docs/formats/api">the format</a>.
          </>
        }
      />
      {addresses.map((one) => (
        <ApiAddress key={one.operationId} address={one} publicUrl={publicUrl} />
      ))}
    </>
  );
}
