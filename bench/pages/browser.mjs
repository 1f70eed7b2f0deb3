import puppeteer from 'puppeteer-core';

/** Debian's Chromium, without a profile: it has never been anywhere. */
export const launch = () => puppeteer.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
