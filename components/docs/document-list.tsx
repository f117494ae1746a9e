// The documents of this program by kind, as a list of links.

type Section = { title: string; links: { href: string; title: string }[] };

export function DocumentList({ sections }: { sections: Section[] }) {
  return (
    <>
      {sections.map(({ title, links }) => (
        <section className="clause" key={title}>
          <h2>{title}</h2>
          <div className="clause-body">
            <ul className="docs-list">
              {links.map(({ href, title: name }) => (
                <li key={href}>
                  <a href={href}>{name}</a>
                </li>
              ))}
            </ul>
          </div>
        </section>
      ))}
    </>
  );
}
