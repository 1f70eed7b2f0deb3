// node lighthouse.mjs ORIGIN PATH COOKIE PATH COOKIE …: Lighthouse's scores of each page, with its default settings (a phone on a slow line).
import lighthouse from 'lighthouse';
import { launch } from './browser.mjs';

const [origin, ...pages] = process.argv.slice(2);
const browser = await launch();
console.log('\n| page | performance | accessibility | first contentful paint, ms | kB transferred | requests elsewhere |\n| --- | ---: | ---: | ---: | ---: | ---: |');
for (let i = 0; i < pages.length; i += 2) {
  const { lhr } = await lighthouse(origin.replace(/\/$/, '') + pages[i], {
    port: new URL(browser.wsEndpoint()).port, onlyCategories: ['performance', 'accessibility'], logLevel: 'error',
    extraHeaders: pages[i + 1] ? { Cookie: pages[i + 1] } : undefined,
  });
  const score = category => Math.round(lhr.categories[category].score * 100);
  const requests = lhr.audits['network-requests'].details.items;
  const elsewhere = requests.filter(request => !request.url.startsWith(origin) && !request.url.startsWith('data:'));
  console.log(`| ${pages[i].split('?')[0]} | ${score('performance')} | ${score('accessibility')} `
    + `| ${Math.round(lhr.audits['first-contentful-paint'].numericValue)} `
    + `| ${(requests.reduce((sum, request) => sum + request.transferSize, 0) / 1000).toFixed(1)} | ${elsewhere.length} |`);
}
await browser.close();
