/* page.js - search and sort on the page of report --format html; put into the program. All there is can be read without it. */
"use strict";

(() => {
	const table = document.querySelector(".inventory");
	const body = table.tBodies[0];
	const rows = Array.from(body.rows);
	const headings = Array.from(table.tHead.rows[0].cells);
	const at = (id) => document.getElementById(id);
	const find = at("find"), only = at("only"), by = at("by");
	const found = at("found");
	const rank = { ok: 0, warning: 1, critical: 2, unknown: 3 };
	const sorted = { key: "status", down: true };
	const number = new Intl.NumberFormat("en");
	const texts = new Map();

	/* Grids are no tables to some screen readers, unless they are told. */
	const giveRoles = () => {
		table.setAttribute("role", "table");
		table.tHead.setAttribute("role", "rowgroup");
		body.setAttribute("role", "rowgroup");
		table.tHead.rows[0].setAttribute("role", "row");
		for (const cell of headings)
			cell.setAttribute("role", "columnheader");
		for (const row of rows) {
			row.setAttribute("role", "row");
			for (const cell of row.cells)
				cell.setAttribute("role",
					cell.tagName === "TH" ? "rowheader" : "cell");
		}
	};

	const textOf = (row) => {
		if (!texts.has(row))
			texts.set(row, row.textContent.toLowerCase());
		return texts.get(row);
	};

	const tell = (n) => {
		found.textContent = n === rows.length ? "" :
			`${number.format(n)} of ${number.format(rows.length)} targets`;
	};

	/* All words must be there, in any order. */
	const filter = () => {
		const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
		let n = 0;

		for (const row of rows) {
			const fits = (only.value === "" ||
				row.classList.contains(only.value)) &&
				words.every((word) => textOf(row).includes(word));

			if (row.hidden === fits)
				row.hidden = !fits;
			n += fits;
		}
		tell(n);
	};

	const valueOf = (row, key, column) => {
		const cell = row.cells[column];

		if (key === "status")
			return rank[row.className];
		if (key === "end")
			return row.dataset.end === undefined ? null : Number(row.dataset.end);
		/* A name's cell holds all that it opens. */
		return (key === "name" ? cell.firstChild.firstChild :
			cell).textContent || null;
	};

	const words = new Intl.Collator("en", { numeric: true });
	const compare = (a, b) => typeof a === "number" ? a - b :
		words.compare(a, b);

	/* What has no value comes last, either way; rows as they were written. */
	const sort = (key, down) => {
		const column = headings.findIndex((cell) => cell.dataset.key === key);
		const keyed = rows.map((row, i) =>
			({ row, i, value: valueOf(row, key, column) }));
		const all = document.createDocumentFragment();

		keyed.sort((a, b) => {
			if (a.value === null || b.value === null)
				return (a.value === null) - (b.value === null) || a.i - b.i;
			return (down ? compare(b.value, a.value) :
				compare(a.value, b.value)) || a.i - b.i;
		});
		for (const one of keyed)
			all.append(one.row);
		body.append(all);
		sorted.key = by.value = key;
		sorted.down = down;
		for (const cell of headings) {
			if (cell.dataset.key !== key)
				cell.removeAttribute("aria-sort");
			else
				cell.setAttribute("aria-sort",
					down ? "descending" : "ascending");
		}
	};

	const makeButtons = () => {
		for (const cell of headings) {
			const button = document.createElement("button");
			const key = cell.dataset.key;

			button.type = "button";
			button.textContent = cell.textContent;
			button.addEventListener("click", () =>
				sort(key, sorted.key === key ? !sorted.down :
					key === "status"));
			cell.replaceChildren(button);
		}
	};

	const setAll = (open) => {
		for (const row of rows) {
			if (!row.hidden)
				row.querySelector("details").open = open;
		}
	};

	/* A link to a row opens it, wherever a search has hidden it. */
	const openTarget = () => {
		const row = at(decodeURIComponent(location.hash.slice(1)));

		if (!row || !body.contains(row))
			return;
		row.hidden = false;
		row.querySelector("details").open = true;
		row.scrollIntoView();
	};

	/* A page does not know what has happened since. */
	const tellAge = () => {
		const hours = (Date.now() / 1000 - document.body.dataset.written) / 3600;
		const aged = at("aged");

		if (!(hours > 26))
			return;
		aged.textContent = `This page was written on ${new Date(
			document.body.dataset.written * 1000).toISOString().slice(0, 10)}: what is known now ` +
			"may differ.";
		aged.hidden = false;
	};

	let timer = 0;

	find.addEventListener("input", () => {
		clearTimeout(timer);
		timer = setTimeout(filter, rows.length > 2000 ? 200 : 0);
	});
	only.addEventListener("change", filter);
	by.addEventListener("change", () => sort(by.value, by.value === "status"));
	at("open").addEventListener("click", () => setAll(true));
	at("close").addEventListener("click", () => setAll(false));
	addEventListener("hashchange", openTarget);
	giveRoles();
	makeButtons();
	tellAge();
	document.querySelector(".controls").hidden = false;
	openTarget();
})();
