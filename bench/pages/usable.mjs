// node usable.mjs ORIGIN PATH COOKIE: the time until an interactive page is usable: for the first browser after the portal's start, for another
// new browser, and for that browser again, with its cache.
import { launch } from './browser.mjs';

const [origin, path, cookies] = process.argv.slice(2);
const first = await loads(1);
const second = await loads(2);
console.log(`| ${path} | ${[...first, ...second].join(' | ')} |`);

async function loads(count) {
  const browser = await launch();
  const page = await browser.newPage();
  await page.goto('about:blank');
  await page.setCookie(...cookies.split('; ').map(pair => ({ name: pair.split('=')[0], value: pair.slice(pair.indexOf('=') + 1), url: origin })));
  const times = [];
  for (let load = 0; load < count; load++) {
    const began = performance.now();
    await page.goto(origin.replace(/\/$/, '') + path, { waitUntil: 'domcontentloaded' });
    await page.waitForSelector('.xp-live'); // The circuit has drawn the page.
    times.push(Math.round(performance.now() - began));
  }
  await browser.close();
  return times;
}
