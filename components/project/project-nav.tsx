// The five places of a project, the same on each of its pages.
import { NavLink } from '#components/ui/nav-link.client.tsx';

export function ProjectNav({ project }: { project: string }) {
  const home = `/projects/${project}`;
  return (
    <nav aria-label={`Project ${project}`} className="places">
      <ul className="places-list">
        <li>
          <NavLink href={home} label="Releases" exact />
        </li>
        <li>
          <NavLink href={`${home}/people`} label="People and keys" />
        </li>
        <li>
          <NavLink href={`${home}/policy`} label="Policy" />
        </li>
        <li>
          <NavLink href={`${home}/history`} label="History" />
        </li>
        <li>
          <NavLink href={`${home}/log`} label="Log" />
        </li>
      </ul>
    </nav>
  );
}
