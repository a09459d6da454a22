import { render } from "preact";
import { useEffect } from "preact/hooks";
import { App } from "./app.tsx";
import { language } from "./state/locale.ts";
import { useStore } from "./state/store.ts";

const root = document.querySelector("#page");
if (root === null) throw new Error("index.html has no #page");
/** A change of language redraws everything. */
function Page() {
  const spoken = useStore(language);
  useEffect(() => void (document.documentElement.lang = spoken), [spoken]);
  return <App key={spoken} />;
}

render(<Page />, root);
