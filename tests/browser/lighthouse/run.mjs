// node run.mjs BROWSER FLAGS URL…: Lighthouse on each page, one line of JSON for each: the scores in
// per cent, and what was found wanting.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [browser, flags, ...urls] = process.argv.slice(2);
const chrome = await launch({
  chromePath: browser,
  chromeFlags: ["--headless=new", ...flags.split(" ")],
});
try {
  for (const url of urls) {
    const { lhr } = await lighthouse(url, {
      port: chrome.port,
      output: "json",
      logLevel: "error",
      onlyCategories: ["accessibility", "best-practices", "seo"],
      throttlingMethod: "simulate", // the others wait ten seconds for quiet
      disableFullPageScreenshot: true,
    });
    const categories = Object.values(lhr.categories);
    const scores = categories.map(({ id, score }) => [id, Math.round(score * 100)]);
    const weighed = categories.flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight));
    const wanting = weighed.map(({ id }) => lhr.audits[id]).filter(({ score }) => score !== null && score < 1);
    const found = wanting.map(({ id, title, details }) => ({
      id,
      title,
      where: (details?.items ?? []).slice(0, 3).map((item) => item.node?.snippet ?? item),
    }));
    const error = lhr.runtimeError?.message ?? "";
    console.log(JSON.stringify({ url, error, scores: Object.fromEntries(scores), found }));
  }
} finally {
  chrome.kill();
}
