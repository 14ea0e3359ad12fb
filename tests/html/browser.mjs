/*
 * browser.mjs - look at pages in headless Chromium, as a reader has them
 *
 *   node browser.mjs CHROMIUM [SECONDS] <jobs.json
 *
 * A job is {url, width, height, dark, script, print, evaluate: [EXPRESSION],
 * screenshot: FILE, pdf: FILE}; of each comes {complaints, values, took_ms}:
 * what the console, the policy and the network told, and what each expression
 * came to. Chromium is spoken to over its debugging pipe (fd 3 and 4).
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PATIENCE_MS = 3000;
const LIMIT_S = Number(process.argv[3] ?? 60);

class Browser {
	constructor(program, profile) {
		this.waiting = new Map();
		this.next = 1;
		this.heard = () => {};
		this.process = spawn(program, ["--headless", "--no-sandbox",
			"--disable-gpu", "--disable-dev-shm-usage",
			"--hide-scrollbars", "--no-first-run",
			"--disable-extensions", "--disable-background-networking",
			"--remote-debugging-pipe", `--user-data-dir=${profile}`,
			"about:blank"],
			{ stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
		this.ended = new Promise((resolve) =>
			this.process.on("exit", () => {
				for (const { reject } of this.waiting.values())
					reject(new Error("the browser has ended"));
				resolve();
			}));
		this.read(this.process.stdio[4]);
	}

	/* Messages end with a NUL. */
	read(pipe) {
		let parts = [];

		pipe.on("data", (data) => {
			for (let end; (end = data.indexOf(0)) !== -1;) {
				parts.push(data.subarray(0, end));
				this.take(JSON.parse(Buffer.concat(parts)));
				parts = [];
				data = data.subarray(end + 1);
			}
			parts.push(data);
		});
	}

	take(message) {
		const caller = this.waiting.get(message.id);

		if (!caller) {
			this.heard(message);
			return;
		}
		this.waiting.delete(message.id);
		if (message.error)
			caller.reject(new Error(`${caller.method}: ${message.error.message}`));
		else
			caller.resolve(message.result);
	}

	call(method, params = {}, sessionId = undefined) {
		const id = this.next++;

		this.process.stdio[3].write(
			`${JSON.stringify({ id, method, params, sessionId })}\0`);
		return new Promise((resolve, reject) =>
			this.waiting.set(id, { resolve, reject, method }));
	}
}

/* What there is to complain of in an event, or undefined. */
const complaintOf = ({ method, params }) => {
	switch (method) {
	case "Runtime.exceptionThrown":
		return params.exceptionDetails.exception?.description ??
			params.exceptionDetails.text;
	case "Runtime.consoleAPICalled":
		return `console: ${params.args.map((a) => a.value).join(" ")}`;
	case "Log.entryAdded":
		return `${params.entry.source}: ${params.entry.text}`;
	default:
		return undefined;
	}
};

const run = async (browser, job) => {
	const { targetId } = await browser.call("Target.createTarget",
		{ url: "about:blank" });
	const { sessionId } = await browser.call("Target.attachToTarget",
		{ targetId, flatten: true });
	const call = (method, params) => browser.call(method, params, sessionId);
	const complaints = [], values = [], requests = [];
	let loaded;
	const load = new Promise((resolve) => { loaded = resolve; });

	browser.heard = (event) => {
		const complaint = complaintOf(event);

		if (complaint !== undefined)
			complaints.push(complaint);
		if (event.method === "Page.loadEventFired")
			loaded();
		if (event.method === "Network.requestWillBeSent")
			requests.push(event.params.request.url);
	};
	for (const domain of ["Page", "Runtime", "Log", "Network"])
		await call(`${domain}.enable`);
	await call("Emulation.setDeviceMetricsOverride",
		{ width: job.width, height: job.height, deviceScaleFactor: 1,
			mobile: false });
	await call("Emulation.setEmulatedMedia", { media: job.print ? "print" : "",
		features: [{ name: "prefers-color-scheme",
			value: job.dark ? "dark" : "light" }] });
	await call("Emulation.setScriptExecutionDisabled",
		{ value: job.script === false });

	const began = performance.now();

	await call("Page.navigate", { url: job.url });
	await load;
	for (const expression of job.evaluate ?? []) {
		const { result, exceptionDetails } = await call("Runtime.evaluate",
			{ expression, returnByValue: true, awaitPromise: true });

		if (exceptionDetails)
			complaints.push(`${expression}: ${exceptionDetails.exception
				?.description ?? exceptionDetails.text}`);
		values.push(result.value);
	}
	const took_ms = Math.round(performance.now() - began);

	if (job.screenshot) {
		const { data } = await call("Page.captureScreenshot",
			{ captureBeyondViewport: Boolean(job.whole) });

		writeFileSync(job.screenshot, Buffer.from(data, "base64"));
	}
	if (job.pdf) {
		const { data } = await call("Page.printToPDF",
			{ printBackground: true, preferCSSPageSize: true });

		writeFileSync(job.pdf, Buffer.from(data, "base64"));
	}
	await browser.call("Target.closeTarget", { targetId });
	return { complaints, values, requests, took_ms };
};

const pause = (ms) => new Promise((done) => setTimeout(done, ms).unref());

/* Helpers that outlive the browser for a moment may still write there. */
const forget = async (folder) => {
	for (let tries = 50; tries > 0; tries--) {
		try {
			rmSync(folder, { recursive: true, force: true });
			return;
		} catch {
			await new Promise((done) => setTimeout(done, 100));
		}
	}
};

const jobs = JSON.parse(readFileSync(0, "utf-8"));
const profile = mkdtempSync(join(tmpdir(), "certvigil-chromium-"));
const browser = new Browser(process.argv[2], profile);
const results = [];

/* Whoever waits for us is told, and no browser is left behind. */
const deadline = setTimeout(() => {
	console.error(`no answer within ${LIMIT_S} s`);
	browser.process.kill("SIGKILL");
}, LIMIT_S * 1000);

try {
	for (const job of jobs)
		results.push(await run(browser, job));
	process.stdout.write(`${JSON.stringify(results)}\n`);
	browser.call("Browser.close").catch(() => {});
} finally {
	clearTimeout(deadline);
	await Promise.race([browser.ended, pause(PATIENCE_MS)]);
	browser.process.kill("SIGKILL");
	await forget(profile);
}
