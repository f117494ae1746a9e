// The front page: for a visitor, what this is. (A signed-in person gets their queue here.)

import { Welcome } from './welcome.tsx';

export default function HomePage() {
  return <Welcome />;
}
